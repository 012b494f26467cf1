import { describe, expect, test } from "vitest";
import type { Resource } from "../../src/model/state.ts";
import { statesOf } from "../../src/plan/scope-states.ts";
import { actualScope, declared, desiredScope, foreign, madePlanOf, owned } from "./estate.ts";

const acme = declared("org", "", { slug: "acme" });
const acmeRow = owned("org", "o1", { slug: "acme" });

function statesAfter(estate: Parameters<typeof madePlanOf>[0]) {
  const [catalog, org] = madePlanOf(estate).planned;
  if (!catalog || !org) throw new Error("There is one org.");
  return { ofCatalog: statesOf(catalog), ofOrg: statesOf(org, catalog) };
}

const keysOf = (resources: readonly Resource[] | null) =>
  resources?.map(({ kind, key }) => `${kind} ${key}`.trim()) ?? null;

test("both states hold rows of every origin, and differ by the changes alone", () => {
  const { ofOrg } = statesAfter({
    desired: {
      orgs: [
        desiredScope("acme", [
          acme,
          declared("member", "ana@acme.example", { key: "ana@acme.example", status: "suspended" }),
          declared("member", "bo@acme.example", { key: "bo@acme.example" }),
        ]),
      ],
    },
    actual: {
      orgs: [
        actualScope("acme", "o1", [
          acmeRow,
          owned("member", "m1", { key: "ana@acme.example", status: "active", name: "Ana" }),
          owned("member", "m2", { key: "cy@acme.example", status: "active" }),
          foreign("member", "m3", { key: "di@acme.example", status: "active" }),
        ]),
      ],
    },
  });
  expect(keysOf(ofOrg.before)).toEqual([
    "org",
    "member ana@acme.example",
    "member cy@acme.example",
    "member di@acme.example",
  ]);
  expect(keysOf(ofOrg.after)).toEqual([
    "org",
    "member ana@acme.example",
    "member bo@acme.example",
    "member di@acme.example",
  ]);
  const ana = (resources: readonly Resource[] | null) =>
    resources?.find(({ key }) => key === "ana@acme.example")?.fields;
  expect(ana(ofOrg.before)).toMatchObject({ status: "active", name: "Ana", type: null });
  expect(ana(ofOrg.after)).toMatchObject({ status: "suspended", name: null });
  expect(ofOrg.memberIds).toEqual(
    new Map([
      ["ana@acme.example", "m1"],
      ["bo@acme.example", "new-1"],
      ["cy@acme.example", "m2"],
      ["di@acme.example", "m3"],
    ]),
  );
});

test("an org that is not there yet has no state before", () => {
  const { ofOrg } = statesAfter({ desired: { orgs: [desiredScope("acme", [acme])] }, actual: {} });
  expect(ofOrg.before).toBeNull();
  expect(keysOf(ofOrg.after)).toEqual(["org"]);
});

describe("what is renamed has one name in both states", () => {
  const catalogRole = (name: string, more = {}) => ({ name, inherits: [], ...more });

  test("where it is referred to, and where roles inherit it", () => {
    const { ofCatalog, ofOrg } = statesAfter({
      desired: {
        catalog: desiredScope(null, [
          declared("catalog_role", "people", catalogRole("people"), ["member"]),
          declared("catalog_role", "admin", catalogRole("admin", { inherits: ["people"] })),
        ]),
        orgs: [
          desiredScope("acme", [
            acme,
            declared("role", "auditor", catalogRole("auditor", { inherits: ["people"] })),
          ]),
        ],
      },
      actual: {
        catalog: actualScope(null, "catalog", [
          owned("catalog_role", "r1", catalogRole("member")),
          owned("catalog_role", "r2", catalogRole("admin", { inherits: ["member"] })),
        ]),
        orgs: [
          actualScope("acme", "o1", [
            acmeRow,
            owned("role", "r3", catalogRole("auditor", { inherits: ["member"] })),
            foreign("binding", "b1", { member: "m1", catalog_role: "r1" }),
          ]),
        ],
      },
    });
    const inherited = (resources: readonly Resource[] | null, role: string) =>
      resources?.find(({ key }) => key === role)?.fields.inherits;
    expect(keysOf(ofCatalog.before)).toEqual(["catalog_role people", "catalog_role admin"]);
    expect(inherited(ofCatalog.before, "admin")).toEqual(["people"]);
    expect(inherited(ofOrg.before, "auditor")).toEqual(["people"]);
    expect(ofOrg.before?.find(({ kind }) => kind === "binding")?.fields.catalog_role).toBe("people");
  });

  test("and where conditions ask for plans, but not where a flag serves the same word", () => {
    const rule = (plan: string) => ({
      if: { all: [{ attribute: "org.plan", op: "in", value: [plan, "free"] }] },
      serve: { attribute: "org.plan", value: "team" },
    });
    const { ofCatalog } = statesAfter({
      desired: {
        catalog: desiredScope(null, [
          declared("plan", "squad", { name: "squad" }, ["team"]),
          declared("flag", "sso", { name: "sso", rules: [rule("squad")] }),
        ]),
        orgs: [desiredScope("acme", [acme])],
      },
      actual: {
        catalog: actualScope(null, "catalog", [
          owned("plan", "p1", { name: "team" }),
          owned("flag", "f1", { name: "sso", rules: [rule("team")] }),
        ]),
      },
    });
    expect(ofCatalog.before?.find(({ kind }) => kind === "flag")?.fields.rules).toEqual([rule("squad")]);
  });
});
