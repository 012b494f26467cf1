import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../src/decision/compile-org.ts";
import { decideFlag } from "../../src/decision/decide-flag.ts";
import { type Question, questionOf } from "../../src/decision/question.ts";
import type { FieldsOf } from "../../src/model/field.ts";
import type { Resource } from "../../src/model/state.ts";
import { acmeId, ask, at, catalogResources, declare, now, orgRow, rule, when } from "./acme-cloud.ts";

/** Asks an org of the example catalog about one more flag. */
function askFlag(
  flag: Partial<FieldsOf<"flag">>,
  given: {
    resources?: readonly Resource[];
    id?: string | null;
    said?: Partial<Question>;
    memberIds?: [string, string][];
  } = {},
) {
  const name = flag.name ?? "flag";
  const catalog = compileCatalog([
    ...catalogResources,
    declare("flag", { name, type: "boolean", default: false, salt: "salt", ...flag }),
  ]);
  const org = compileOrg(catalog, {
    id: given.id === undefined ? acmeId : given.id,
    slug: "acme",
    resources: given.resources ?? [orgRow({})],
    memberIds: new Map(given.memberIds),
  });
  return decideFlag(questionOf({ org, now, ...given.said }), name);
}

const places = [
  declare("workspace", { slug: "web" }),
  declare("workspace", { slug: "api" }),
  declare("environment", { workspace: "web", slug: "live", tier: "prod" }),
];

describe("rules", () => {
  test("the first that matches decides", () => {
    const rules = [
      rule({ if: when("org.region", "in", ["us"]), serve: "first" }),
      rule({ if: when("org.region", "in", ["eu"]), serve: "second" }),
      rule({ serve: "third" }),
    ];
    expect(askFlag({ type: "string", default: "none", rules })).toEqual({
      kind: "flag",
      value: "second",
      variant: null,
      reason: "rule",
      decidedBy: "catalog/flag/flag#rules/1",
      undetermined: null,
    });
  });

  test("no rule matches: the default", () => {
    const rules = [rule({ if: when("org.region", "in", ["us"]), serve: true })];
    expect(askFlag({ rules })).toMatchObject({
      value: false,
      reason: "default",
      decidedBy: "catalog/flag/flag",
      undetermined: null,
    });
  });

  test("an unknown condition never serves, not even turned around", () => {
    const missing = when("org.employees", "above", 5);
    const rules = [rule({ if: missing, serve: true }), rule({ if: { not: missing }, serve: true })];
    expect(askFlag({ rules })).toMatchObject({
      value: false,
      reason: "default",
      undetermined: { rule: "catalog/flag/flag#rules/0", lacks: "attribute" },
    });
  });

  test("a rule that decides after an unknown one says so", () => {
    const rules = [rule({ if: when("org.employees", "above", 5), serve: false }), rule({ serve: true })];
    expect(askFlag({ rules })).toMatchObject({
      value: true,
      decidedBy: "catalog/flag/flag#rules/1",
      undetermined: { rule: "catalog/flag/flag#rules/0", lacks: "attribute" },
    });
  });

  test("a variant is served by name, with its value", () => {
    const flag = { type: "object", variants: { a: { size: 1 }, b: { size: 2 } }, default: "a" } as const;
    expect(askFlag({ ...flag, rules: [rule({ serve: "b" })] })).toMatchObject({
      value: { size: 2 },
      variant: "b",
    });
    expect(askFlag(flag)).toMatchObject({ value: { size: 1 }, variant: "a", reason: "default" });
  });

  test("a rule whose variant does not exist serves nothing", () => {
    const flag = { type: "string", variants: { a: "1" }, default: "a" } as const;
    for (const serve of ["b", "constructor", "__proto__"]) {
      expect(askFlag({ ...flag, rules: [rule({ serve })] })).toMatchObject({
        variant: "a",
        reason: "default",
      });
    }
  });

  test("flags that nobody declared are unknown, whatever objects inherit", () => {
    for (const name of ["nothing", "constructor", "__proto__", "toString"]) {
      expect(decideFlag(ask([]), name)).toMatchObject({
        value: null,
        reason: "unknown-flag",
        decidedBy: null,
      });
    }
  });

  test("a suspended org still has its flags: rules ask for its status themselves", () => {
    const rules = [rule({ if: when("org.status", "in", ["suspended"]), serve: true })];
    expect(askFlag({ rules }, { resources: [orgRow({ status: "suspended" })] }).value).toBe(true);
    expect(askFlag({ rules }).value).toBe(false);
  });
});

describe("attributes", () => {
  const person = declare("member", {
    key: "ana@acme.example",
    email: "ana@acme.example",
    user_id: "user_1",
    attributes: { department: "design" },
  });
  const team = [
    declare("team", { name: "product" }),
    declare("team", { name: "design", parent: "product" }),
    declare("team_member", { team: "design", member: "ana@acme.example" }),
  ];
  const subscription = declare("subscription", { product: "platform", plan: "team@2" });
  const document = declare("resource", { type: "document", name: "spec", attributes: { status: "live" } });
  const said: Partial<Question> = {
    member: "ANA@acme.example",
    environment: "web/live",
    resource: { type: "document", id: "spec", attributes: { status: "draft" } },
    request: { ip_country: "DE", mfa: true, secret: "x" },
    subject: { type: "user" },
    action: { name: "open" },
  };

  test.each([
    ["org.plan", "in", ["team"]],
    ["org.plans", "in", ["team"]],
    ["org.id", "in", [acmeId]],
    ["org.slug", "in", ["acme"]],
    ["org.created_at", "before", "2024-03-02"],
    ["org.status", "in", ["active"]],
    ["org.region", "in", ["eu"]],
    ["org.entitlements.seats", "at_least", 50],
    ["org.entitlements.sso", "in", [false]],
    ["org.entitlements.api_calls", "above", 99_999],
    ["org.entitlements.support", "in", ["standard"]],
    ["member.id", "in", ["user_1"]],
    ["member.key", "in", ["ana@acme.example"]],
    ["member.email", "ends_with", "@acme.example"],
    ["member.type", "in", ["user"]],
    ["member.status", "in", ["active"]],
    ["member.teams", "contains", "product"],
    ["member.department", "in", ["design"]],
    ["environment.workspace", "in", ["web"]],
    ["environment.slug", "in", ["live"]],
    ["environment.tier", "in", ["prod"]],
    ["environment.host", "in", ["localhost"]],
    ["resource.type", "in", ["document"]],
    ["resource.id", "in", ["spec"]],
    // The estate's own knowledge beats the caller's claim.
    ["resource.status", "in", ["live"]],
    ["action.name", "in", ["open"]],
    ["subject.type", "in", ["user"]],
    ["subject.id", "in", ["ANA@acme.example"]],
    ["request.time", "after", "2026-10-31"],
    ["request.mfa", "in", [true]],
    ["request.ip_country", "in", ["DE"]],
  ] as const)("%s %s %j", (attribute, op, value) => {
    const rules = [rule({ if: when(attribute, op, value), serve: true })];
    const resources = [orgRow({}), ...places, person, ...team, subscription, document];
    expect(askFlag({ rules }, { resources, said })).toMatchObject({ value: true, undetermined: null });
    const without = askFlag(
      { rules: [rule({ if: { not: when(attribute, op, value) }, serve: true })] },
      { resources, said },
    );
    expect(without).toMatchObject({ value: false, undetermined: null });
  });

  test.each([
    "org.constructor",
    "org.nothing",
    "member.nothing",
    "request.secret",
    "nothing.at_all",
    "nothing",
    "org.entitlements.constructor",
    "resource.constructor",
    "__proto__.x",
  ])("%s is not declared, and so never known", (attribute) => {
    const rules = [rule({ if: { not: when(attribute, "in", ["x"]) }, serve: true })];
    const resources = [orgRow({ attributes: { nothing: "x" } }), ...places, person, document];
    expect(askFlag({ rules }, { resources, said })).toMatchObject({
      value: false,
      undetermined: { lacks: "attribute" },
    });
  });

  test("org.plan is the first product's", () => {
    const boost = declare("subscription", { product: "addons", plan: "boost@1" });
    const serve = (value: string) => [rule({ if: when("org.plan", "in", [value]), serve: true })];
    const resources = [orgRow({}), boost];
    expect(askFlag({ rules: serve("free") }, { resources }).value).toBe(true);
    expect(askFlag({ rules: serve("boost") }, { resources }).value).toBe(false);
    const both = [rule({ if: when("org.plans", "contains", "boost"), serve: true })];
    expect(askFlag({ rules: both }, { resources }).value).toBe(true);
  });
});

describe("overrides", () => {
  const override = (fields: Partial<FieldsOf<"flag_override">>) =>
    declare("flag_override", { flag: "flag", ...fields });
  const rules = [rule({ serve: "rule" })];
  const flag = { type: "string", default: "default", rules } as const;
  const said = { environment: "web/live" };

  test("the nearest in force counts: environment, workspace, org, rules", () => {
    const levels = [
      { fields: { environment: "web/live", value: "environment" }, decidedBy: "acme/flag/flag@web/live" },
      { fields: { workspace: "web", value: "workspace" }, decidedBy: "acme/flag/flag@web" },
      { fields: { value: "org" }, decidedBy: "acme/flag/flag" },
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("absent", "over", "not yet", "in force"), { minLength: 3, maxLength: 3 }),
        (states) => {
          const resources = levels.flatMap(({ fields }, index) => {
            const time = {
              absent: null,
              over: { until: "2026-11-01T00:00:00Z" },
              "not yet": { starts: "2026-11-01T00:00:01Z" },
              "in force": { starts: "2026-11-01T00:00:00Z", until: "2026-11-01T00:00:01Z" },
            }[states[index] as "absent"];
            return time === null ? [] : [override({ ...fields, ...(time as object) })];
          });
          const nearest = levels[states.indexOf("in force")];
          expect(askFlag(flag, { resources: [orgRow({}), ...places, ...resources], said })).toMatchObject({
            value: nearest?.fields.value ?? "rule",
            reason: nearest ? "override" : "rule",
            decidedBy: nearest?.decidedBy ?? "catalog/flag/flag#rules/0",
          });
        },
      ),
    );
  });

  test("an override elsewhere does not count here", () => {
    const elsewhere = [
      override({ workspace: "api", value: "api" }),
      override({ environment: "web/live", value: "live" }),
    ];
    expect(askFlag(flag, { resources: [...places, ...elsewhere], said: { workspace: "web" } }).value).toBe(
      "rule",
    );
  });

  test("an override names a variant; one that does not exist is left out", () => {
    const variants = { old: "v1", new: "v2" };
    const asked = (value: string) =>
      askFlag({ type: "string", variants, default: "old" }, { resources: [override({ value })] });
    expect(asked("new")).toMatchObject({ value: "v2", variant: "new", reason: "override" });
    expect(asked("v2")).toMatchObject({ variant: "old", reason: "default" });
  });

  test.each([
    [{ environment: "web/test" }, "unknown-environment"],
    [{ workspace: "nowhere" }, "unknown-workspace"],
    [{ workspace: "api", environment: "web/live" }, "wrong-place"],
  ])("asked at %j it is the default", (where, reason) => {
    const resources = [...places, override({ value: "org" })];
    expect(askFlag(flag, { resources, said: where })).toMatchObject({ value: "default", reason });
  });
});

describe("rollouts and splits", () => {
  const ids = fc.uuid();
  const share = fc.integer({ min: 0, max: 100_000 }).map((thousandths) => thousandths / 1000);
  const isIn = (rollout: number, id: string | null) =>
    askFlag({ rules: [rule({ rollout, serve: true })] }, { id }).value;

  test("nobody loses an answer as a share grows", () => {
    fc.assert(
      fc.property(ids, share, share, (id, a, b) => {
        if (isIn(Math.min(a, b), id)) expect(isIn(Math.max(a, b), id)).toBe(true);
      }),
    );
  });

  test("whoever is outside goes on to the next rule", () => {
    const rules = [rule({ rollout: 76.999, serve: "in" }), rule({ serve: "next" })];
    const inside = [rule({ rollout: 77, serve: "in" }), rule({ serve: "next" })];
    const salt = "new_dashboard";
    expect(askFlag({ type: "string", salt, rules })).toMatchObject({ value: "next", reason: "rule" });
    expect(askFlag({ type: "string", salt, rules: inside })).toMatchObject({
      value: "in",
      reason: "rollout",
      decidedBy: "catalog/flag/flag#rules/0",
    });
  });

  test.each([
    ["org.id", { id: null }, {}],
    ["the salt", {}, { salt: null }],
    ["the member", {}, { rules: [rule({ rollout: 50, serve: true, by: "member" })] }],
  ] as const)("without %s it is undetermined, and says which rule", (_, given, flag) => {
    expect(askFlag({ rules: [rule({ rollout: 50, serve: true })], ...flag }, given)).toMatchObject({
      value: false,
      reason: "undetermined",
      undetermined: { rule: "catalog/flag/flag#rules/0", lacks: "bucket" },
    });
  });

  test("a missing bucket is told before a missing attribute", () => {
    const rules = [
      rule({ if: when("org.employees", "above", 5), serve: true }),
      rule({ rollout: 50, serve: true }),
      rule({ rollout: 60, serve: true }),
    ];
    expect(askFlag({ rules }, { id: null }).undetermined).toEqual({
      rule: "catalog/flag/flag#rules/1",
      lacks: "bucket",
    });
  });

  test("all and nobody need no id", () => {
    expect(isIn(100, null)).toBe(true);
    expect(askFlag({ rules: [rule({ rollout: 0, serve: true })] }, { id: null })).toMatchObject({
      value: false,
      reason: "default",
      undetermined: null,
    });
  });

  test("by member the member's id is spread, whatever the org's", () => {
    const rules = [rule({ rollout: 77, serve: true, by: "member" })];
    const asked = (memberId: string, id: string | null) =>
      askFlag(
        { salt: "new_dashboard", rules },
        {
          id,
          resources: [declare("member", { key: "ana@acme.example" })],
          memberIds: [["ana@acme.example", memberId]],
          said: { member: "ana@acme.example" },
        },
      ).value;
    expect([asked(acmeId, null), asked("someone-else-2", null)]).toEqual([true, false]);
  });

  const variants = { a: "1", b: "2", c: "3" };
  const split = (shares: Record<string, number>, id: string, rollout: number | null = null) =>
    askFlag({ type: "string", variants, default: "a", rules: [rule({ split: shares, rollout })] }, { id })
      .variant;

  test("a split does not depend on the order in which its variants are written", () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(split({ c: 20, a: 50, b: 30 }, id)).toBe(split({ a: 50, b: 30, c: 20 }, id));
      }),
    );
  });

  const many = Array.from({ length: 3_000 }, (_, index) => `org-${index}`);
  const portion = (found: readonly (string | null)[], variant: string) =>
    found.filter((each) => each === variant).length / found.length;

  test("a split has the shares that it declares", () => {
    const found = many.map((id) => split({ a: 50, b: 30, c: 20 }, id));
    for (const [variant, expected] of [
      ["a", 0.5],
      ["b", 0.3],
      ["c", 0.2],
    ] as const) {
      expect(Math.abs(portion(found, variant) - expected)).toBeLessThan(0.03);
    }
  });

  test("those within a rollout are spread over all variants", () => {
    const found = many.map((id) => split({ b: 50, c: 50 }, id, 20));
    expect(Math.abs(portion(found, "b") - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(portion(found, "c") - 0.1)).toBeLessThan(0.02);
  });

  test("what a split leaves over goes on to the next rule", () => {
    const rules = [rule({ split: { b: 40 } }), rule({ serve: "c" })];
    const found = many.map(
      (id) => askFlag({ type: "string", variants, default: "a", rules }, { id }).variant,
    );
    expect(Math.abs(portion(found, "b") - 0.4)).toBeLessThan(0.03);
    expect(portion(found, "b") + portion(found, "c")).toBe(1);
  });
});

test("the design's example", () => {
  const asked = (fields: Partial<FieldsOf<"org">>, plan: string) =>
    decideFlag(
      ask([orgRow(fields), declare("subscription", { product: "platform", plan })], {
        now: at("2026-11-01"),
      }),
      "new_dashboard",
    );
  const us = { attributes: { region: "us" } };
  expect(asked({ ...us, created_at: "2026-02-01T00:00:00Z" }, "team@2")).toMatchObject({
    value: true,
    reason: "rule",
  });
  expect(asked({ ...us, created_at: "2025-02-01T00:00:00Z" }, "team@2").value).toBe(false);
  expect(asked({ ...us, created_at: "2026-02-01T00:00:00Z" }, "free@1").value).toBe(false);
});
