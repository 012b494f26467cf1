import { expect, test } from "vitest";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { runCatalogTests } from "../../src/decision/run-catalog-tests.ts";
import type { CatalogTest } from "../../src/model/catalog-test.ts";
import { catalog, catalogResources, declare, rule } from "./acme-cloud.ts";

const run = (given: Partial<CatalogTest>) =>
  runCatalogTests(catalog, [{ name: "example", now: "2026-11-01T00:00:00Z", expect: {}, ...given }]);

test("the design's example holds", () => {
  const org = { plan: "free", created_at: "2026-10-30", region: "us" };
  expect(run({ org, expect: { "flags.new_dashboard": false, "entitlements.seats": 3 } })).toEqual([]);
});

test("a failure says what was expected, what came out and what decided", () => {
  const org = { id: "org_1", plan: "team@2", created_at: "2026-10-30", region: "us" };
  expect(
    run({ org, expect: { "flags.new_dashboard": false, "entitlements.seats": 3, "flags.checkout": "old" } }),
  ).toEqual([
    {
      test: "example",
      expectation: "flags.new_dashboard",
      expected: false,
      actual: true,
      reason: "rule",
      decidedBy: "catalog/flag/new_dashboard#rules/0",
      detail: null,
    },
    {
      test: "example",
      expectation: "entitlements.seats",
      expected: 3,
      actual: 50,
      reason: "plan",
      decidedBy: "catalog/plan/team@2",
      detail: null,
    },
    {
      test: "example",
      expectation: "flags.checkout",
      expected: "old",
      actual: "test",
      reason: "split",
      decidedBy: "catalog/flag/checkout#rules/0",
      detail: null,
    },
  ]);
});

test("a plan without a version is its highest", () => {
  expect(run({ org: { plan: "team" }, expect: { "entitlements.seats": 50 } })).toEqual([]);
  expect(run({ org: { plan: "team@1" }, expect: { "entitlements.seats": 25 } })).toEqual([]);
});

test("quantities are expected as they are written", () => {
  const expected = {
    "entitlements.api_calls": "50_000/month",
    "entitlements.support": "standard",
    "entitlements.sso": false,
  };
  expect(run({ org: { plan: "team@1" }, expect: expected })).toEqual([]);
  expect(run({ org: { plan: "enterprise" }, expect: { "entitlements.seats": "unlimited" } })).toEqual([]);
  const org = { entitlements: { seats: "1_000", api_calls: { amount: 7, per: "day" } } };
  expect(run({ org, expect: { "entitlements.seats": 1_000, "entitlements.api_calls": "7/day" } })).toEqual(
    [],
  );
});

test("overrides and declared attributes of the org", () => {
  expect(run({ org: { flags: { checkout: "test" } }, expect: { "flags.checkout": "test" } })).toEqual([]);
  expect(run({ org: { status: "suspended", plan: "team" }, expect: { "entitlements.seats": 0 } })).toEqual(
    [],
  );
  const inEu = { id: "org_3", attributes: { region: "eu" } };
  const asked = run({ org: inEu, expect: { "flags.new_dashboard": "neither" } });
  expect(asked).toMatchObject([{ decidedBy: expect.stringMatching(/^catalog\/flag\/new_dashboard/) }]);
});

test.each([
  [{ org: {} }, "undetermined: declare org.id"],
  [{ org: { region: "eu" } }, "undetermined: declare org.id"],
])("a share without an id is a failure that says so: %j", (given, detail) => {
  expect(run({ ...given, expect: { "flags.checkout": "old" } })).toMatchObject([
    { reason: "undetermined", decidedBy: "catalog/flag/checkout#rules/0", detail },
  ]);
});

test("an undetermined share fails even where the expected value came out", () => {
  expect(run({ org: { region: "eu" }, expect: { "flags.new_dashboard": false } })).toMatchObject([
    { actual: false, reason: "undetermined", decidedBy: "catalog/flag/new_dashboard#rules/1" },
  ]);
});

test("without a declared salt a share is undetermined, too, and by member without the member's id", () => {
  const flag = (name: string, by: "org" | "member", salt: string | null) =>
    declare("flag", {
      name,
      type: "boolean",
      default: false,
      salt,
      rules: [rule({ rollout: 50, serve: true, by })],
    });
  const more = compileCatalog([
    ...catalogResources,
    flag("unsalted", "org", null),
    flag("personal", "member", "salt"),
  ]);
  const failures = runCatalogTests(more, [
    {
      name: "example",
      now: "2026-11-01T00:00:00Z",
      org: { id: "org_1" },
      expect: { "flags.unsalted": false, "flags.personal": false },
    },
    { name: "both", now: "2026-11-01T00:00:00Z", expect: { "flags.unsalted": false } },
  ]);
  expect(failures.map(({ detail }) => detail)).toEqual([
    "undetermined: declare the flag's salt",
    "undetermined: declare member.id",
    "undetermined: declare org.id and the flag's salt",
  ]);
  const known = {
    name: "known",
    now: "2026-11-01T00:00:00Z",
    member: { id: "user_1" },
    expect: { "flags.personal": "?" },
  };
  expect(runCatalogTests(more, [known])).toMatchObject([{ detail: null }]);
});

test("permissions of a member", () => {
  const member = { email: "Cy@contractor.example", workspaces: { web: "editor" } };
  const may = (more: Partial<CatalogTest>, expected: Record<string, boolean>) =>
    run({
      member,
      ...more,
      expect: Object.fromEntries(Object.entries(expected).map(([name, is]) => [`permissions.${name}`, is])),
    });
  expect(may({}, { "document:read": true, "org:read": false, "document:write": false })).toEqual([]);
  expect(may({ resource: { status: "live" } }, { "document:write": true, "document:delete": false })).toEqual(
    [],
  );
  expect(may({ resource: { attributes: { status: "archived" } } }, { "document:write": false })).toEqual([]);
  expect(may({ resource: { workspace: "api" } }, { "document:read": false })).toEqual([]);
  expect(may({ environment: { tier: "prod" } }, { "deployment:run": true })).toEqual([]);
  expect(may({ member: { roles: ["admin"] } }, { "members:invite": true, "billing:read": false })).toEqual(
    [],
  );
  expect(may({ member: { roles: "admin", status: "suspended" } }, { "members:invite": false })).toEqual([]);
  expect(
    may(
      { member: { environments: { "web/live": ["editor"] } }, resource: { environment: "web/live" } },
      { "deployment:run": true },
    ),
  ).toEqual([]);
  expect(
    may(
      { member: { resources: { "document/spec": ["editor"] } }, resource: { type: "document", id: "spec" } },
      { "document:read": true },
    ),
  ).toEqual([]);
  expect(may({}, { "document:delete": true })).toMatchObject([
    {
      expectation: "permissions.document:delete",
      actual: false,
      reason: "denied",
      decidedBy: "catalog/role/editor#grants/2",
    },
  ]);
});

test.each<[string, Partial<CatalogTest>, object]>([
  ["plan", { org: { plan: "team@9" } }, { expectation: "org.plan", expected: "team@9" }],
  ["role", { member: { roles: ["amdin"] } }, { expectation: "member.roles", expected: "amdin" }],
  ["role somewhere", { member: { workspaces: { web: "x" } } }, { expectation: "member.workspaces.web" }],
  ["flag override", { org: { flags: { nothing: true } } }, { expectation: "org.flags.nothing" }],
  ["variant override", { org: { flags: { checkout: "v1" } } }, { expectation: "org.flags.checkout" }],
  ["entitlement", { org: { entitlements: { nothing: 1 } } }, { expectation: "org.entitlements.nothing" }],
  [
    "entitlement's value",
    { org: { entitlements: { seats: "many" } } },
    { expectation: "org.entitlements.seats" },
  ],
  ["time", { now: "soon" }, { expectation: "now" }],
  ["flag", { expect: { "flags.nothing": null } }, { expectation: "flags.nothing", reason: "unknown-flag" }],
  ["feature", { expect: { "entitlements.constructor": null } }, { reason: "unknown-feature" }],
  ["permission", { expect: { "permissions.org:fly": false } }, { reason: "unknown-permission" }],
  ["expectation", { expect: { "nothing.x": false } }, { expectation: "nothing.x", reason: null }],
])("an unknown %s is a failure, whatever is expected of it", (_, given, failure) => {
  expect(run(given)).toMatchObject([failure]);
});
