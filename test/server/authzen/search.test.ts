import type { FastifyInstance } from "fastify";
import { expect, test } from "vitest";
import type { OrgSnapshot } from "../../../src/decision/snapshot.ts";
import { eachEngine } from "../../engines.ts";
import { serveEstate } from "../serve-estate.ts";
import { acme, askAuthzen, evaluation, inherited, mfa, policy, user } from "./ask-authzen.ts";

eachEngine("an AuthZEN search", (open) => {
  test("finds subjects, resources and actions, sorted, and says that there is no more", async () => {
    const { app } = await serveEstate(await open());
    const ask = async (kind: string, payload: object) => {
      const response = await askAuthzen(app, `search/${kind}`, { ...payload, ...mfa });
      expect(response.statusCode).toBe(200);
      return response.json();
    };
    const action = { name: "read" };
    const ana = user("ana@acme.example");
    expect(await ask("subject", { subject: { type: "user" }, action, resource: policy })).toEqual({
      results: [user("ana@acme.example"), user("cy@contractor.example")],
      page: { next_token: "", count: 2 },
    });
    expect(await ask("resource", { subject: ana, action, resource: { type: "document" } })).toEqual({
      results: [policy],
      page: { next_token: "", count: 1 },
    });
    const deploying = { subject: user("bo@acme.example"), action: { name: "deployment:create" } };
    expect((await ask("resource", { ...deploying, resource: { type: "environment" } })).results).toEqual([
      { type: "environment", id: "web/live" },
    ]);
    const reading = { subject: user("cy@contractor.example"), action: { name: "document:read" } };
    expect((await ask("resource", { ...reading, resource: { type: "workspace" } })).results).toEqual([
      { type: "workspace", id: "web" },
    ]);
    expect((await ask("resource", { subject: ana, action, resource: { type: "org" } })).results).toEqual([
      acme,
    ]);
    expect(await ask("action", { subject: ana, resource: policy })).toEqual({
      results: [{ name: "delete" }, { name: "read" }, { name: "write" }],
      page: { next_token: "", count: 3 },
    });
    expect(
      (await ask("action", { subject: user("CY@contractor.example"), resource: policy })).results,
    ).toEqual([{ name: "read" }, { name: "write" }]);
  });

  test("ignores an id of what is searched, and fields that it does not know", async () => {
    const { app } = await serveEstate(await open());
    const whole = { ...evaluation("ana@acme.example", "read", policy), other: [] };
    for (const id of ["nobody", 5, null, {}]) {
      const subjects = await askAuthzen(app, "search/subject", {
        ...whole,
        subject: { type: "user", id, x: 1 },
      });
      expect(subjects.json().results).toHaveLength(2);
      const resources = await askAuthzen(app, "search/resource", {
        ...whole,
        resource: { type: "document", id },
      });
      expect(resources.json().results).toHaveLength(1);
      const actions = await askAuthzen(app, "search/action", { ...whole, action: { name: id } });
      expect(actions.json().results).toHaveLength(3);
    }
  });

  test("finds nothing by names that are unknown", async () => {
    const { app } = await serveEstate(await open());
    const whole = evaluation("ana@acme.example", "read", policy);
    const unknown = ["nobody", "", ...inherited];
    const nothing = async (kind: string, changed: object) => {
      const response = await askAuthzen(app, `search/${kind}`, { ...whole, ...changed });
      expect(response.statusCode).toBe(200);
      expect(response.json()).toEqual({ results: [], page: { next_token: "", count: 0 } });
    };
    for (const name of unknown) {
      await nothing("subject", { subject: { type: name } });
      await nothing("subject", { action: { name } });
      await nothing("subject", { resource: { type: name, id: "returns-policy" } });
      await nothing("subject", { action: { name: "org:read" }, resource: { type: "workspace", id: name } });
      await nothing("subject", { action: { name: "org:read" }, resource: { type: "org", id: name } });
      await nothing("resource", { subject: user(name) });
      await nothing("resource", { subject: { type: name, id: "ana@acme.example" } });
      await nothing("resource", { action: { name } });
      await nothing("resource", { resource: { type: name } });
      await nothing("action", { subject: user(name) });
      await nothing("action", { subject: { type: name, id: "ana@acme.example" } });
      await nothing("action", { resource: { type: name, id: "returns-policy" } });
      await nothing("action", { resource: { type: "org", id: name } });
    }
  });

  test("finds exactly what evaluations say, everywhere in the sample estate", async () => {
    const { app, estate } = await serveEstate(await open());
    for (const slug of ["acme", "globex", "initech"]) {
      const org = estate.org(slug) as OrgSnapshot;
      const bases = [
        `/v1/orgs/${slug}`,
        ...[...org.environments.keys()].map((place) => `/v1/orgs/${slug}/environments/${place}`),
      ];
      for (const base of bases) await compare(app, org, base);
    }
  });

  test("goes on where a page ended, whatever came and went between", async () => {
    const served = await serveEstate(await open(), { files: crowd(["b", "c", "d", "e", "f"]) });
    const search = {
      subject: { type: "user" },
      action: { name: "org:read" },
      resource: { type: "org", id: "hooli" },
    };
    const ask = async (page?: object) =>
      (await askAuthzen(served.app, "search/subject", { ...search, page }, "/v1/orgs/hooli")).json();
    const ids = ({ results }: { results: { id: string }[] }) => results.map(({ id }) => id[0]).join("");
    const first = await ask({ limit: 2 });
    expect([ids(first), first.page.count]).toEqual(["bc", 2]);
    await served.apply(crowd(["a", "c", "e", "f", "g"]));
    await served.estate.refresh();
    const second = await ask({ limit: 2, token: first.page.next_token });
    expect(ids(second)).toBe("ef");
    const third = await ask({ limit: 2, token: second.page.next_token });
    expect(ids(third)).toBe("g");
    expect(third.page.next_token).toBe("");
    // A first page by itself begins anew, and one without a limit has them all.
    for (const page of [undefined, {}, { token: "" }, { limit: 99_999 }, { limit: 5 }])
      expect(ids(await ask(page))).toBe("acefg");
    const none = await ask({ limit: 0 });
    expect(ids(none)).toBe("");
    expect(ids(await ask({ token: none.page.next_token }))).toBe("acefg");
  });

  test("refuses tokens that it did not give, and pages that are none", async () => {
    const { app } = await serveEstate(await open());
    const whole = { ...evaluation("ana@acme.example", "read", policy), subject: { type: "user" } };
    const ask = (page: unknown, changed: object = {}, base?: string) =>
      askAuthzen(app, "search/subject", { ...whole, ...changed, page }, base);
    const { next_token: token } = (await ask({ limit: 1 })).json().page;
    expect((await ask({ token })).json().results).toEqual([user("cy@contractor.example")]);
    // Circumstances may be others by the time the next page is asked for.
    expect((await ask({ token }, { context: { mfa: true, at: "later" } })).statusCode).toBe(200);
    const foreign = [
      await ask({ token }, { action: { name: "write" } }),
      await ask({ token }, { subject: { type: "member" } }),
      await ask({ token }, { resource: { type: "document", id: "other" } }),
      await ask({ token }, {}, "/v1/orgs/globex"),
      await ask({ token }, {}, "/v1/orgs/acme/environments/web/live"),
      await askAuthzen(app, "search/resource", {
        ...whole,
        subject: user("ana@acme.example"),
        page: { token },
      }),
    ];
    const forged = await Promise.all(
      [token.slice(1), `${token}x`, "x", "%", "AAAA", "ana@acme.example", ...inherited].map((each) =>
        ask({ token: each }),
      ),
    );
    for (const response of [...foreign, ...forged]) {
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({ type: "urn:tenantry:problem:bad-request", at: "/page/token" });
    }
    for (const page of [
      5,
      null,
      [],
      { token: 1 },
      { token: null },
      { limit: -1 },
      { limit: 1.5 },
      { limit: "2" },
    ])
      expect((await ask(page)).statusCode).toBe(400);
  });
});

/** Every search that can be asked at a place, against the evaluations of all that it could find. */
async function compare(app: FastifyInstance, org: OrgSnapshot, base: string) {
  const members = [...new Set([...org.members.values()].map(({ key }) => key))].sort();
  const known: Record<string, string[]> = {
    org: [org.slug],
    workspace: [...org.workspaces],
    environment: [...org.environments.keys()],
    document: [...(org.resources.get("document")?.keys() ?? [])],
  };
  const permissions = [...org.catalog.permissions.values()];
  const brute = async (asked: object[]) => {
    if (asked.length === 0) return [];
    const response = await askAuthzen(app, "evaluations", { ...mfa, evaluations: asked }, base);
    return response.json().evaluations.map(({ decision }: { decision: boolean }) => decision);
  };
  const search = async (kind: string, payload: object) =>
    (await askAuthzen(app, `search/${kind}`, { ...mfa, ...payload }, base)).json().results;
  const compared = async (found: unknown, results: object[], asked: object[]) => {
    const decisions = await brute(asked);
    expect(found).toEqual(results.filter((_, at) => decisions[at]));
  };
  for (const { key: name } of permissions) {
    const action = { name };
    for (const [type, ids] of Object.entries({ ...known, document: ["new", ...(known.document ?? [])] })) {
      for (const id of ids) {
        const resource = { type, id };
        const subjects = members.map((member) => ({ type: "member", id: member }));
        await compared(
          await search("subject", { subject: { type: "member" }, action, resource }),
          subjects,
          subjects.map((subject) => ({ subject, action, resource })),
        );
      }
    }
    for (const member of members) {
      for (const [type, ids] of Object.entries(known)) {
        const subject = user(member);
        const resources = ids.sort().map((id) => ({ type, id }));
        if (resources.length === 0) continue;
        await compared(
          await search("resource", { subject, action, resource: { type } }),
          resources,
          resources.map((resource) => ({ subject, action, resource })),
        );
      }
    }
  }
  for (const member of members) {
    const typed = [...new Set(permissions.map((permission) => permission.type)), "document", "unknown"];
    const others = typed.filter((type) => !(type in known)).map((type) => ({ type, id: "returns-policy" }));
    const places = Object.entries(known).flatMap(([type, ids]) => ids.map((id) => ({ type, id })));
    for (const resource of [...others, ...places]) {
      const subject = user(member);
      const actions = permissions
        .filter(
          ({ type }) => type === resource.type || (resource.type in known && resource.type !== "document"),
        )
        .map(({ type, action, key }) => ({ name: type === resource.type ? action : key }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      await compared(
        await search("action", { subject, resource }),
        actions,
        actions.map((action) => ({ subject, action, resource })),
      );
    }
  }
}

function crowd(names: readonly string[]) {
  return {
    "catalog.yaml": `apiVersion: tenantry/v1
catalog: hooli
permissions: { org: [read] }
roles: { reader: { grants: [org:read] } }
`,
    "orgs/hooli.yaml": `apiVersion: tenantry/v1
org: hooli
members:
${names.map((name) => `  ${name}@hooli.example: reader`).join("\n")}
`,
  };
}
