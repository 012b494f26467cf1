import fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer, Query } from "../../src/client/client.ts";
import { localClient } from "../../src/client/local-client.ts";
import { decideEntitlement } from "../../src/decision/decide-entitlement.ts";
import { decideFlag } from "../../src/decision/decide-flag.ts";
import { decidePermission } from "../../src/decision/decide-permission.ts";
import { questionOf } from "../../src/decision/question.ts";
import type { OrgSnapshot } from "../../src/decision/snapshot.ts";
import { eachEngine, emptied } from "../engines.ts";
import { conditionalEstates } from "../server/conditional-estates.ts";
import { clientOf, listeningServer } from "./listening-server.ts";

const rounds = process.env.TENANTRY_LONG ? 40 : 4;

eachEngine("both clients and the engine", (open) => {
  test("answer the same questions the same", async () => {
    const database = await open();
    let compared = 0;
    const yes = { permission: 0, flag: 0, entitlement: 0 };
    for (const [estate] of fc.sample(conditionalEstates, { numRuns: rounds, seed: 42 })) {
      await emptied(database);
      const files = Object.fromEntries(
        estate.map(({ path, text }) => [path.replace(/^tenants\//, ""), text]),
      );
      const served = await listeningServer(database, files);
      const org = (await served.estate.org("acme")) as OrgSnapshot;
      const http = clientOf({ url: served.url, org: "acme", cacheFor: 60_000 });
      const local = await localClient(database, { org: "acme", clock: () => served.clock.now });
      try {
        const queries = queriesOf(org);
        for (let start = 0; start < queries.length; start += 1_000) {
          const some = queries.slice(start, start + 1_000);
          const expected = some.map((query) => decided(query, org, served.clock.now));
          expect(local.check(some)).toEqual(expected);
          expect(await http.check(some)).toEqual(expected);
          // From the cache.
          expect(await http.check(some)).toEqual(expected);
          for (const answer of expected) {
            compared++;
            if (answer.kind === "permission" ? answer.allowed : answer.kind === "flag" || answer.entitled)
              yes[answer.kind]++;
          }
        }
        for (const query of queries.filter((_, at) => at % 97 === 0)) {
          const explained = local.explain(query);
          expect(await http.explain(query)).toEqual(explained);
          expect(explained.answer).toEqual(decided(query, org, served.clock.now));
          await oneByOne(query, explained.answer, { local, http });
        }
      } finally {
        await local.close();
      }
    }
    console.log(`${compared} answers compared, of which yes: ${JSON.stringify(yes)}`);
    expect(Math.min(...Object.values(yes))).toBeGreaterThan(10);
  });
});

type Both = {
  readonly local: Awaited<ReturnType<typeof localClient>>;
  readonly http: ReturnType<typeof clientOf>;
};

async function oneByOne(query: Query, answer: Answer, { local, http }: Both): Promise<void> {
  const { member = null, ...about } = query;
  if ("permission" in query) {
    const asked = [member, query.permission, query.resource, about] as const;
    const expected = answer.kind === "permission" && answer.allowed;
    expect([local.can(...asked), await http.can(...asked)]).toEqual([expected, expected]);
  } else if ("flag" in query) {
    const expected = answer.kind === "flag" ? answer.value : undefined;
    const asked = [query.flag, query, "none"] as const;
    expect([local.flag(...asked), await http.flag(...asked)]).toEqual([expected, expected]);
  } else {
    const expected = answer.kind === "entitlement" && answer.entitled;
    const asked = [query.entitlement, query] as const;
    expect([local.entitled(...asked), await http.entitled(...asked)]).toEqual([expected, expected]);
  }
}

function queriesOf({ catalog, members, workspaces, environments }: OrgSnapshot): readonly Query[] {
  const people = [...new Set([...members.values()].map(({ key }) => key)), "nobody"];
  const places = [
    {},
    { workspace: "none" },
    ...[...workspaces].map((workspace) => ({ workspace })),
    ...[...environments.keys()].map((environment) => ({ environment })),
  ];
  const contexts = [{}, { context: { mfa: true, channel: "cli" } }, { context: { channel: "web" } }];
  const resources = [
    {},
    { resource: { type: "document", id: "spec" } },
    { resource: { type: "document", id: "spec", attributes: { status: "draft" } } },
    { resource: { type: "document", attributes: { status: "live" } } },
  ];
  return places.flatMap((place): Query[] => [
    ...[...catalog.features.keys(), "none"].map((entitlement) => ({ entitlement, ...place })),
    ...[...catalog.flags.keys(), "none"].flatMap((flag) => [
      { flag, ...place },
      ...people.map((member) => ({ flag, member, ...place })),
    ]),
    ...[...catalog.permissions.keys(), "none"].flatMap((permission) =>
      people.flatMap((member) =>
        contexts.flatMap((context) =>
          resources.map((resource) => ({ permission, member, ...place, ...context, ...resource })),
        ),
      ),
    ),
  ]);
}

function decided(query: Query, org: OrgSnapshot, now: number): Answer {
  const { member = null, workspace = null, environment = null, context = null } = query;
  const { type, id = null, attributes = null } = ("resource" in query && query.resource) || { type: "" };
  const resource = type === "" ? null : { type, id, attributes };
  const question = questionOf({ org, now, member, workspace, environment, resource, request: context });
  if ("permission" in query) {
    const {
      isAllowed: allowed,
      kind,
      reason,
      decidedBy,
      through,
    } = decidePermission(question, query.permission);
    return { kind, permission: query.permission, allowed, reason, decidedBy, through };
  }
  if ("flag" in query) {
    const { kind, value, variant, reason, decidedBy } = decideFlag(question, query.flag);
    return { kind, flag: query.flag, value, variant, reason, decidedBy };
  }
  const { entitlement } = query;
  const {
    isEntitled: entitled,
    kind,
    value,
    reason,
    decidedBy,
    through,
  } = decideEntitlement(question, entitlement);
  return { kind, entitlement, entitled, value, reason, decidedBy, through };
}
