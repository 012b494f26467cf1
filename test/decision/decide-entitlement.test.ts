import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { combine } from "../../src/decision/combine.ts";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { decideEntitlement, entitlementInForce } from "../../src/decision/decide-entitlement.ts";
import type { FeatureSnapshot, PlanVersionSnapshot } from "../../src/decision/snapshot.ts";
import type { FieldsOf } from "../../src/model/field.ts";
import type { EntitlementValue } from "../../src/model/quantity.ts";
import type { Resource } from "../../src/model/state.ts";
import { ask, catalog, catalogResources, declare, orgRow } from "./acme-cloud.ts";

const subscribed = (fields: Partial<FieldsOf<"subscription">>) =>
  declare("subscription", { product: "platform", plan: "team@2", ...fields });
const seats = (...resources: Resource[]) => decideEntitlement(ask(resources), "seats");

describe("subscriptions in force", () => {
  test("what a plan gives, and by which subscription", () => {
    expect(seats(subscribed({}))).toEqual({
      kind: "entitlement",
      isEntitled: true,
      value: 50,
      reason: "plan",
      decidedBy: "catalog/plan/team@2",
      through: "acme/subscription/platform",
    });
  });

  test("without a subscription the fallback plan holds", () => {
    expect(seats()).toMatchObject({
      value: 3,
      reason: "fallback",
      decidedBy: "catalog/plan/free@1",
      through: null,
    });
  });

  test.each<[string, Partial<FieldsOf<"subscription">>, number]>([
    ["active", { status: "active" }, 50],
    ["active, not yet begun", { starts: "2026-11-01T00:00:01Z" }, 3],
    ["active, just begun", { starts: "2026-11-01T00:00:00Z" }, 50],
    ["active, renewing after its end", { ends: "2026-10-01T00:00:00Z" }, 50],
    ["active, over and not renewing", { ends: "2026-11-01T00:00:00Z", auto_renew: false }, 3],
    ["active, not renewing and not yet over", { ends: "2026-11-01T00:00:01Z", auto_renew: false }, 50],
    ["trial before its end", { status: "trial", trial_ends: "2026-11-01T00:00:01Z" }, 50],
    ["trial at its end", { status: "trial", trial_ends: "2026-11-01T00:00:00Z" }, 3],
    ["trial without an end", { status: "trial" }, 3],
    ["cancelled before its end", { status: "cancelled", ends: "2026-11-01T00:00:01Z" }, 50],
    ["cancelled at its end", { status: "cancelled", ends: "2026-11-01T00:00:00Z" }, 3],
    ["cancelled without an end", { status: "cancelled" }, 3],
    ["suspended", { status: "suspended" }, 3],
    ["expired", { status: "expired" }, 3],
    ["of a status nobody knows", { status: "constructor" }, 3],
    ["to a version nobody knows", { plan: "team@9" }, 3],
    ["with a start that is no time", { starts: "soon" }, 3],
    ["before the next plan", { next_plan: "enterprise@1", next_from: "2026-11-01T00:00:01Z" }, 50],
    ["from the next plan on", { next_plan: "team@1", next_from: "2026-11-01T00:00:00Z" }, 25],
    ["with a next plan and no time for it", { next_plan: "team@1" }, 50],
  ])("%s", (_, fields, value) => {
    expect(seats(subscribed(fields)).value).toBe(value);
  });

  test("a trial says that it is one", () => {
    expect(seats(subscribed({ status: "trial", trial_ends: "2026-12-01T00:00:00Z" })).reason).toBe("trial");
  });
});

test("what a plan says in another type than the feature's counts for nothing", () => {
  const declared = { sso: "yes", seats: true, api_calls: 5, support: "platinum", nothing: 1 };
  const version = declare("plan_version", { plan: "team", version: 3, entitlements: declared });
  const more = compileCatalog([...catalogResources, version]);
  expect([...(more.latest.get("team")?.entitlements ?? [])]).toEqual([]);
});

describe("several products", () => {
  const boost = declare("subscription", { product: "addons", plan: "boost@1" });
  const of = (feature: string) => decideEntitlement(ask([subscribed({}), boost]), feature);

  test("of switches any", () => {
    expect(of("sso")).toMatchObject({ value: true, isEntitled: true, decidedBy: "catalog/plan/boost@1" });
  });

  test("of limits and choices the highest", () => {
    expect(of("seats")).toMatchObject({ value: 50, decidedBy: "catalog/plan/team@2" });
    expect(of("support")).toMatchObject({ value: "premium", decidedBy: "catalog/plan/boost@1" });
  });

  test("the sum where the feature says so", () => {
    expect(of("api_calls")).toMatchObject({ value: { amount: 107_000, per: "month" }, reason: "sum" });
  });

  const feature = (given: Partial<FeatureSnapshot>): FeatureSnapshot => ({
    name: "it",
    type: "quota",
    counts: null,
    choices: [],
    combine: "highest",
    ...given,
  });
  const combined = (given: Partial<FeatureSnapshot>, values: readonly EntitlementValue[]) =>
    combine(
      feature(given),
      values.map((value) => ({
        value,
        reason: "plan",
        subscription: null,
        version: catalog.latest.get("free") as PlanVersionSnapshot,
      })),
    )?.value;

  test("unlimited is the highest, and any sum with it", () => {
    expect(combined({ type: "limit" }, [5, "unlimited", 7])).toBe("unlimited");
    expect(combined({ type: "limit", combine: "sum" }, [5, "unlimited"])).toBe("unlimited");
    expect(combined({ type: "limit", combine: "sum" }, [5, 6, 7])).toBe(18);
    expect(
      combined({ combine: "sum" }, [
        { amount: "unlimited", per: "day" },
        { amount: 1, per: "day" },
      ]),
    ).toEqual({
      amount: "unlimited",
      per: "day",
    });
  });

  test("quotas of different periods: the one that allows the most a second", () => {
    const values = [
      { amount: 100, per: "day" },
      { amount: 2_000, per: "month" },
    ] as const;
    expect(combined({}, values)).toEqual(values[0]);
    expect(combined({ combine: "sum" }, values)).toEqual(values[0]);
  });

  test("choices never add up, and one called unlimited is a choice like any other", () => {
    expect(
      combined({ type: "choice", choices: ["unlimited", "more"], combine: "sum" }, ["unlimited", "more"]),
    ).toBe("more");
  });

  test("the highest is one of them, and none is higher", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
        expect(combined({ type: "limit" }, values)).toBe(Math.max(...values));
      }),
    );
  });
});

describe("overrides", () => {
  const entitlement = (fields: Partial<FieldsOf<"entitlement">>) =>
    declare("entitlement", { feature: "seats", ...fields });

  test("beat the plan, up and down, exactly", () => {
    expect(seats(subscribed({}), entitlement({ value: 5 }))).toEqual({
      kind: "entitlement",
      isEntitled: true,
      value: 5,
      reason: "override",
      decidedBy: "acme/entitlement/seats",
      through: null,
    });
    expect(seats(entitlement({ value: "unlimited" })).value).toBe("unlimited");
    expect(seats(entitlement({ value: 0 }))).toMatchObject({ value: 0, isEntitled: false });
  });

  test("hold from their start until their end", () => {
    expect(seats(entitlement({ value: 5, until: "2026-11-01T00:00:00Z" })).value).toBe(3);
    expect(seats(entitlement({ value: 5, starts: "2026-11-01T00:00:01Z" })).value).toBe(3);
    expect(
      seats(entitlement({ value: 5, starts: "2026-11-01T00:00:00Z", until: "2026-11-01T00:00:01Z" })).value,
    ).toBe(5);
  });

  test("the nearest one counts, be it lower", () => {
    const resources = [
      declare("workspace", { slug: "web" }),
      declare("environment", { workspace: "web", slug: "live" }),
      entitlement({ value: 100 }),
      entitlement({ value: 20, workspace: "web" }),
      entitlement({ value: 1, environment: "web/live" }),
    ];
    const at = (said: object) => decideEntitlement(ask(resources, said), "seats").value;
    expect([at({}), at({ workspace: "web" }), at({ environment: "web/live" })]).toEqual([100, 20, 1]);
  });

  test("of another type than the feature count for nothing", () => {
    expect(seats(entitlement({ value: true })).reason).toBe("fallback");
    expect(seats(entitlement({ value: "premium" })).reason).toBe("fallback");
  });
});

describe("nothing", () => {
  test.each([
    ["sso", false],
    ["seats", 0],
    ["api_calls", null],
    ["support", null],
  ])("of %s an org that is not active has %j, whatever is set", (feature, value) => {
    for (const status of ["suspended", "archived", "deleted"]) {
      const resources = [
        orgRow({ status }),
        subscribed({}),
        declare("entitlement", { feature: "sso", value: true }),
      ];
      expect(decideEntitlement(ask(resources), feature)).toMatchObject({
        isEntitled: false,
        value,
        reason: "org-not-active",
      });
    }
  });

  test("a plan says nothing of it", () => {
    const boost = declare("subscription", { product: "addons", plan: "boost@1", status: "expired" });
    expect(decideEntitlement(ask([boost, subscribed({ plan: "team@9" })]), "sso").value).toBe(false);
  });

  test("features that nobody declared, whatever objects inherit", () => {
    for (const name of ["nothing", "constructor", "__proto__", "toString"]) {
      expect(decideEntitlement(ask([]), name)).toMatchObject({
        isEntitled: false,
        value: null,
        reason: "unknown-feature",
      });
    }
  });

  test("places that do not exist", () => {
    expect(decideEntitlement(ask([], { environment: "web/live" }), "seats")).toMatchObject({
      value: 0,
      reason: "unknown-environment",
    });
  });

  test("a suspended org's limit can still be asked for", () => {
    const question = ask([orgRow({ status: "suspended" }), subscribed({})]);
    expect(entitlementInForce(question, catalog.features.get("seats") as FeatureSnapshot).value).toBe(50);
  });
});
