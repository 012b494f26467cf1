import { expect, it } from "vitest";
import { eachEngine } from "../engines.ts";
import { send } from "./route-answer.ts";
import { attackRoutes } from "./route-attack.ts";
import { bearer } from "./route-credentials.ts";
import { readRouteForms } from "./route-forms.ts";
import { unmarkedTables } from "./route-identifiers.ts";
import { standIns } from "./route-stand-ins.ts";
import { emptyTally, type RouteTally, tallyText } from "./route-tally.ts";
import { type ServedTarget, serveTwoTenants } from "./route-target.ts";
import { ofBoth, otherThan, tenants } from "./route-tenants.ts";

const isLong = process.env.TENANTRY_LONG === "1";
const seed = Number(process.env.TENANTRY_SEED ?? 20261121);
const requests = { postgres: isLong ? 1_000_000 : 100_000, pglite: 5_000 } as const;

eachEngine("every route", (open, engine) => {
  it(
    "tells nobody what is another's",
    async () => {
      const target = await serveTwoTenants(await open());
      expect(target.faults).toEqual([]);
      const tally = await attacked(target, requests[engine], "all orgs held");
      expect(tally.leaks.slice(0, 10)).toEqual([]);
      expect(tally.requests).toBeGreaterThanOrEqual(requests[engine]);
      expect([...tally.byStatus.keys()].filter((status) => status >= 500)).toEqual([]);
      if (engine === "pglite") return;
      // Who never sees what it may see proves nothing by what it does not see.
      expect(unanswered(target, tally)).toEqual([]);
      for (const tenant of tenants) expect(tally.seen[tenant].size).toBeGreaterThan(25);
    },
    isLong ? 3_600_000 : 600_000,
  );

  it("tells no more where few orgs are held", async () => {
    const target = await serveTwoTenants(await open(), { maxOrgs: 1 });
    const tally = await attacked(target, isLong ? 20_000 : 2_000, "one org held");
    expect(tally.leaks.slice(0, 10)).toEqual([]);
  });

  it("has something of each tenant's in every table to tell", async () => {
    const database = await open();
    await serveTwoTenants(database);
    for (const tenant of tenants) expect(await unmarkedTables(database, tenant)).toEqual(untold);
  });

  it("says of who is a member of both what the asker's own org says", async () => {
    const { app, keys } = await serveTwoTenants(await open());
    for (const user of Object.values(ofBoth)) {
      const orgsFor = async (headers: Readonly<Record<string, string>>) => {
        const url = `/v1/users/${user}/orgs`;
        const { body } = await send(app, { method: "GET", url, headers, payload: null });
        return JSON.parse(body).orgs.map(({ org }: { org: string }) => org);
      };
      for (const tenant of tenants) {
        expect(await orgsFor(bearer(keys[tenant].key))).toEqual([tenant]);
        expect(await orgsFor(bearer(keys[tenant].token))).toEqual([tenant]);
      }
      expect(await orgsFor(bearer(keys.service.key))).toEqual([...tenants]);
    }
  });

  it("tells a stream of nothing that happens to another's org", async () => {
    const { app, served, keys, identifiers } = await serveTwoTenants(await open());
    const hear = async (url: string, { key }: { readonly key: string }, since: string) => {
      const headers = { ...bearer(key), "last-event-id": since };
      const answer = await app.inject({ url, headers, payloadAsStream: true });
      const stream = answer.stream();
      const opening = String(stream.read());
      return { opening, said: () => String(stream.read() ?? ""), end: () => answer.raw.res.destroy() };
    };
    for (const tenant of tenants) {
      const other = otherThan(tenant);
      const since = identifiers[other].positions[1] as string;
      const own = await hear("/ofrep/v1/events", keys[tenant], since);
      const others = await hear("/ofrep/v1/events", keys[other], since);
      await served.apply({
        [`orgs/${other}.yaml`]: `apiVersion: tenantry/v1\norg: ${other}\nbranding: { font: F }\n`,
      });
      await served.estate.refresh();
      expect(own.opening).toMatch(/^retry: /);
      expect(others.said()).toContain("refetchEvaluation");
      expect(own.said()).toBe("");
      own.end();
      others.end();
    }
  });

  it.each(Object.entries(standIns))("would catch a server that %s", async (_, standIn) => {
    const target = await serveTwoTenants(await open(), { standIn });
    const tally = emptyTally();
    await attackRoutes(target, { seed, requests: 2_000 }, tally);
    expect(tally.leaks.length).toBeGreaterThan(3);
  });

  it.each([
    ["whose parameter nobody knows", { url: "/v1/orgs/:org/invoices/:invoice" }],
    ["whose query nobody knows", { url: "/v1/orgs/:org/found", schema: { querystring: withOne("colour") } }],
    [
      "whose body nobody knows",
      { url: "/v1/found", schema: { body: withOne("questions", withOne("colour")) } },
    ],
    ["whose headers nobody knows", { url: "/v1/found", schema: { headers: withOne("x-colour") } }],
    ["that says nothing of what it takes", { url: "/v1/found" }],
  ])("fails by name for a route %s", (_, route) => {
    const options = { method: "POST", handler: () => {}, ...route } as const;
    expect(readRouteForms([options]).faults).toEqual([expect.stringContaining(`POST ${route.url}: `)]);
  });

  async function attacked(target: ServedTarget, requests: number, held: string): Promise<RouteTally> {
    const tally = emptyTally();
    const started = { wall: performance.now(), cpu: process.cpuUsage() };
    await attackRoutes(target, { seed, requests }, tally);
    const { user, system } = process.cpuUsage(started.cpu);
    const seconds = ((performance.now() - started.wall) / 1_000).toFixed(1);
    const busy = ((user + system) / 1e6).toFixed(1);
    console.log(
      `every route on ${engine}, ${held}, seed ${seed}: ${tallyText(tally)}; ${seconds} s (${busy} s of a processor)`,
    );
    return tally;
  }
});

/** Tables whose rows hold ids, numbers and words of ours, and no text that a tenant chose; and those without rows. */
const untold = [
  ...["audit", "binding", "books_pending", "change_set", "security", "subscription", "team_member"],
  ...["tombstone", "trace"],
];

/** The routes that did not answer each tenant at least once, or that a service or nobody did not ask. */
function unanswered({ forms }: ServedTarget, { byRoute }: RouteTally): string[] {
  return forms.flatMap(({ name }) => {
    const seen = [...(byRoute.get(name) ?? [])];
    const wanted = [...tenants.map((tenant) => `${tenant} 200`), "every ", "null "];
    return wanted
      .filter((one) => !seen.some((other) => other.startsWith(one)))
      .map((one) => `${name}: ${one}`);
  });
}

function withOne(name: string, inner: object = { type: "string" }): object {
  return { type: "object", properties: { [name]: inner } };
}
