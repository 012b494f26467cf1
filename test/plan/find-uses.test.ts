import { describe, expect, test } from "vitest";
import type { ActualRow } from "../../src/model/state.ts";
import type { UseElsewhere } from "../../src/plan/find-uses.ts";
import { actualScope, declared, desiredScope, foreign, owned, planOf } from "./estate.ts";

const acme = declared("org", "", { slug: "acme" });
const acmeRow = owned("org", "o1", { slug: "acme" });
const nowhere = { role: null, team: null, workspace: null, environment: null, resource: null };
const held = (id: string, member: string) =>
  foreign("binding", id, { ...nowhere, member, catalog_role: "r1" });
const member = (id: string) => foreign("member", id, { key: `${id}@acme.example` });

/** The plan that takes the role "auditor" from the catalog. */
function planWithoutRole(
  rows: readonly ActualRow[],
  more: { readonly allow?: ReadonlySet<string>; readonly elsewhere?: readonly UseElsewhere[] } = {},
) {
  return planOf({
    desired: { catalog: desiredScope(null, []), orgs: [desiredScope("acme", [acme])] },
    actual: {
      catalog: actualScope(null, "catalog", [owned("catalog_role", "r1", { name: "auditor" })]),
      orgs: [actualScope("acme", "o1", [acmeRow, ...rows])],
    },
    inputs: more,
  });
}

const elsewhere: readonly UseElsewhere[] = [
  {
    id: "r1",
    kind: "binding",
    orgs: [
      { orgId: "o2", slug: "globex" },
      { orgId: "o3", slug: "hooli" },
    ],
  },
];

describe("a role that is deleted", () => {
  const finding = (by: string) => ({
    code: "role-in-use",
    subject: "catalog/role/auditor",
    message: `The role would go away while it is still held: ${by}, which the manifests do not own. Let pass, that goes too.`,
    help: "Keep the role, or take it away from who holds it first; to let it pass once: --allow role-in-use:catalog/role/auditor",
    canPass: true,
    at: null,
  });

  test("stops the plan while rows that are not the manifests' hold it", () => {
    const rows = [member("ana"), member("bo"), held("b1", "ana"), held("b2", "bo")];
    expect(planWithoutRole(rows).findings).toEqual([
      finding("acme/binding/ana@acme.example:auditor and 1 more"),
    ]);
    expect(planWithoutRole([]).findings).toEqual([]);
  });

  test("stops the plan while it is held in orgs that were not read", () => {
    expect(planWithoutRole([], { elsewhere }).findings).toEqual([finding("globex and 1 more")]);
  });

  test("takes the holdings with it where it is let pass, and is still told of", () => {
    const allow = new Set(["role-in-use:catalog/role/auditor"]);
    const plan = planWithoutRole([member("ana"), held("b1", "ana")], { allow });
    expect(plan.findings).toHaveLength(1);
    expect(plan.scopes.map(({ changes }) => changes.map(({ action, id }) => `${action} ${id}`))).toEqual([
      ["delete r1"],
      ["delete b1"],
    ]);
  });
});

test("anything else that is still referred to stops the plan for good", () => {
  const team = owned("team", "t1", { name: "release", parent: null });
  const theirs = foreign("team_member", "tm1", { team: "t1", member: "ana", role: "member" });
  const plan = planOf({
    desired: { orgs: [desiredScope("acme", [acme])] },
    actual: { orgs: [actualScope("acme", "o1", [acmeRow, member("ana"), team, theirs])] },
  });
  expect(plan.findings).toEqual([
    {
      code: "still-used",
      subject: "acme/team/release",
      message:
        "It would go away while acme/team_member/release:ana@acme.example, which the manifests do not own, still refers to it.",
      help: "Keep it, or remove what refers to it first. There is no flag that lets it pass.",
      canPass: false,
      at: null,
    },
  ]);
});

describe("a plan's version that changes", () => {
  const version = (price: string) => ({ plan: "team", version: 1, price });
  const planFor = (users: readonly ActualRow[], elsewhere: readonly UseElsewhere[] = []) =>
    planOf({
      desired: {
        catalog: desiredScope(null, [
          declared("plan", "team", { name: "team" }),
          declared("plan_version", "team@1", version("40.00 USD")),
        ]),
        orgs: [desiredScope("acme", [acme])],
      },
      actual: {
        catalog: actualScope(null, "catalog", [
          owned("plan", "p1", { name: "team" }),
          owned("plan_version", "v1", { ...version("39.00 USD"), plan: "p1" }),
        ]),
        orgs: [actualScope("acme", "o1", [acmeRow, ...users])],
      },
      inputs: { elsewhere },
    }).findings;
  const finding = (by: string) => ({
    code: "plan-version-in-use",
    subject: "catalog/plan/team@1",
    message: `A plan version never changes while somebody has it: ${by}.`,
    help: "Leave it as it was, and add a new version. There is no way round this.",
    canPass: false,
    at: null,
  });

  test("stops the plan for good while an org has it, or will have it", () => {
    const now = foreign("subscription", "s1", { product: "platform", plan: "v1" });
    const soon = foreign("subscription", "s1", { product: "platform", plan: "v0", next_plan: "v1" });
    expect(planFor([now])).toEqual([finding("acme/subscription/platform")]);
    expect(planFor([soon])).toEqual([finding("acme/subscription/platform")]);
    expect(planFor([])).toEqual([]);
  });

  test("stops the plan while an org has it that was not read", () => {
    const orgs = [{ orgId: "o2", slug: "globex" }];
    expect(planFor([], [{ id: "v1", kind: "subscription", orgs }])).toEqual([finding("globex")]);
  });
});
