import { expect, test } from "vitest";
import type { EntitlementDecision } from "../../src/decision/decide-entitlement.ts";
import type { FlagDecision } from "../../src/decision/decide-flag.ts";
import type { Explained } from "../../src/decision/explain.ts";
import type { LookedFor } from "../../src/decision/explain-override.ts";
import type { Condition } from "../../src/model/condition.ts";
import { explanationJson } from "../../src/view/explanation-json.ts";
import { explanationText } from "../../src/view/explanation-text.ts";

const about = {
  asked: "a question",
  source: "the manifests in tenants alone",
  hint: null,
  declaredAt: (address: string) => (address.startsWith("catalog/") ? "tenants/catalog.yaml:7" : null),
};
const text = (explained: Explained) => explanationText(explained, about, { colour: false, detail: "steps" });

const isLive: Condition = { attribute: "resource.status", op: "in", value: ["live"] };

const mayDelete: Explained = {
  kind: "permission",
  name: "document:delete",
  explanation: {
    decision: {
      kind: "permission",
      isAllowed: false,
      reason: "denied",
      decidedBy: "catalog/role/editor#grants/1",
      through: "acme/binding/team release:editor@web",
    },
    checks: [
      { check: "permission", isPassed: true, found: null },
      { check: "org-status", isPassed: true, found: "active" },
      { check: "member", isPassed: true, found: "cy@contractor.example" },
      { check: "member-status", isPassed: true, found: "active" },
      { check: "mfa", isPassed: true, found: false },
      { check: "place", isPassed: true, found: "web" },
    ],
    roles: [
      {
        role: "editor",
        through: "acme/binding/team release:editor@web",
        team: "release",
        heldIn: "workspace",
        clauses: [
          {
            address: "catalog/role/editor#grants/1",
            effect: "deny",
            condition: isLive,
            truth: "unknown",
            attributes: [{ name: "resource.status", value: null }],
          },
          {
            address: "catalog/role/editor#grants/0",
            effect: "allow",
            condition: null,
            truth: "true",
            attributes: [],
          },
        ],
      },
      {
        role: "auditor",
        through: "acme/binding/cy@contractor.example:auditor",
        team: null,
        heldIn: "org",
        clauses: [],
      },
    ],
  },
};

test("a permission: each check, each role with what it is held through, each clause with what was found", () => {
  expect(text(mayDelete)).toBe(`no  A role that the member holds denies it
  asked       a question
  decided by  catalog/role/editor#grants/1 (tenants/catalog.yaml:7)
  through     acme/binding/team release:editor@web
  from        the manifests in tenants alone

Before any role
  ✓ the catalog has document:delete
  ✓ the org is active
  ✓ the member is cy@contractor.example
  ✓ the member's status is active
  ✓ the request has no second factor, and needs none
  ✓ the place is web

Roles that count here
  editor, held in the workspace by team release: acme/binding/team release:editor@web
    deny on a condition: catalog/role/editor#grants/1 (tenants/catalog.yaml:7)
      if resource.status is live: unknown, as resource.status is missing
    allow always: catalog/role/editor#grants/0 (tenants/catalog.yaml:7)
  auditor, held in the org: acme/binding/cy@contractor.example:auditor
    says nothing of document:delete
`);
});

test("a permission that is refused before any role says which check failed, and nothing of roles", () => {
  const refused = text({
    kind: "permission",
    name: "org:read",
    explanation: {
      decision: {
        kind: "permission",
        isAllowed: false,
        reason: "unknown-member",
        decidedBy: null,
        through: null,
      },
      checks: [
        { check: "permission", isPassed: true, found: null },
        { check: "org-status", isPassed: true, found: "active" },
        { check: "member", isPassed: false, found: null },
      ],
      roles: [],
    },
  });
  expect(refused).toContain("  ✗ the org has no such member\n");
  expect(refused).not.toContain("Roles");
});

const otherwise: FlagDecision = {
  kind: "flag",
  value: "v1",
  variant: "old",
  reason: "undetermined",
  decidedBy: "catalog/flag/checkout",
  undetermined: { rule: "catalog/flag/checkout#rules/1", lacks: "bucket" },
};

function override<T>(decision: T | null, until: number | null, isInForce: boolean): LookedFor<T> {
  return { at: "org", place: null, decision, starts: null, until, isInForce };
}

test("a flag: overrides that are over, and each rule with its condition, share and bucket", () => {
  const set: FlagDecision = {
    ...otherwise,
    reason: "override",
    decidedBy: "acme/flag/checkout",
    undetermined: null,
  };
  const split = [
    { variant: "new", below: 25_000 },
    { variant: "test", below: 100_000 },
  ];
  const rule = { by: "org", truth: "true", condition: null, attributes: [] } as const;
  const shown = text({
    kind: "flag",
    name: "checkout",
    explanation: {
      decision: otherwise,
      overrides: [
        { ...override<FlagDecision>(null, null, false), at: "environment", place: "web/live" },
        override(set, Date.parse("2026-11-01"), false),
      ],
      rules: [
        {
          ...rule,
          rule: "catalog/flag/checkout#rules/0",
          rollout: 25_000,
          bucket: 31_224,
          split: null,
          outcome: "outside-share",
        },
        {
          ...rule,
          rule: "catalog/flag/checkout#rules/1",
          rollout: null,
          bucket: null,
          split: { bucket: null, shares: split },
          outcome: "unknown",
        },
      ],
    },
  });
  expect(shown).toBe(`undetermined, else v1  An attribute, an id or a salt that would decide it is not known
  asked       a question
  decided by  catalog/flag/checkout (tenants/catalog.yaml:7)
  but         catalog/flag/checkout#rules/1 (tenants/catalog.yaml:7) could not be judged: the id or the salt that decides who is within its share is not known
  from        the manifests in tenants alone

Overrides, the nearest first
  environment web/live  none
  org                   v1 (old), until 2026-11-01, not in force: acme/flag/checkout

Rules, in order
  is for others: catalog/flag/checkout#rules/0 (tenants/catalog.yaml:7)
    always
    for 25% of orgs: this org is at 31.224%
  cannot be judged: catalog/flag/checkout#rules/1 (tenants/catalog.yaml:7)
    always
    split new 25%, test 75% of orgs: where this org is, is not known
`);
});

const seats: Explained = {
  kind: "entitlement",
  name: "seats",
  combine: "sum",
  explanation: {
    decision: {
      kind: "entitlement",
      isEntitled: true,
      value: 28,
      reason: "sum",
      decidedBy: "catalog/plan/team@2",
      through: "acme/subscription/platform",
    },
    orgStatus: "active",
    overrides: [override<EntitlementDecision>(null, null, false)],
    products: [
      {
        product: "platform",
        version: "team@2",
        reason: "trial",
        subscription: {
          address: "acme/subscription/platform",
          status: "trial",
          plan: "team@2",
          starts: null,
          ends: null,
          trialEnds: Date.parse("2027-01-15T12:00:00Z"),
          renews: false,
          isInForce: true,
        },
        contributes: 25,
      },
      {
        product: "support",
        version: "basic@1",
        reason: "fallback",
        subscription: {
          address: "acme/subscription/support",
          status: "cancelled",
          plan: "gold@1",
          starts: Date.parse("2026-01-01"),
          ends: Date.parse("2026-10-01"),
          trialEnds: null,
          renews: false,
          isInForce: false,
        },
        contributes: 3,
      },
      { product: "extras", version: null, reason: null, subscription: null, contributes: null },
    ],
  },
};

test("an entitlement: each product's plan in force and why, and what becomes of what they give", () => {
  expect(text(seats)).toBe(`yes, 28  Several products give it, and what they give adds up
  asked       a question
  decided by  catalog/plan/team@2 (tenants/catalog.yaml:7)
  through     acme/subscription/platform
  from        the manifests in tenants alone

The org is active

Overrides, the nearest first
  org  none

Plans in force
  platform: team@2, on trial, gives 25
    subscription of team@2, trial, trial until 2027-01-15T12:00:00Z, in force: acme/subscription/platform
  support: basic@1, the fallback, gives 3
    subscription of gold@1, cancelled, from 2026-01-01, until 2026-10-01, not in force: acme/subscription/support
  extras: nothing in force
    no subscription
  What they give adds up
`);
});

test("the answer alone has no steps, and no control characters that it was asked with", () => {
  const asked = "\u001b[2Jacme";
  const shown = explanationText(seats, { ...about, asked }, { colour: false, detail: "answer" });
  expect(shown.split("\n")).toHaveLength(6);
  expect(shown).toContain("asked       ␛[2Jacme");
});

test("colour says yes and no", () => {
  const painted = (explained: Explained) =>
    explanationText(explained, about, { colour: true, detail: "answer" }).split("\n")[0];
  expect(painted(seats)).toContain("\u001b[32myes");
  expect(painted(mayDelete)).toContain("\u001b[31mno");
});

test("as data, times are written out and names have underscores", () => {
  expect(explanationJson(seats)).toMatchObject({
    org_status: "active",
    combine: "sum",
    products: [
      { subscription: { trial_ends: "2027-01-15T12:00:00Z", in_force: true } },
      { subscription: { starts: "2026-01-01T00:00:00Z", ends: "2026-10-01T00:00:00Z" } },
      { subscription: null },
    ],
  });
  expect(explanationJson(mayDelete)).toMatchObject({
    checks: expect.arrayContaining([{ check: "mfa", passed: true, found: false }]),
    roles: [
      { held_in: "workspace", clauses: [{ truth: "unknown" }, {}] },
      { held_in: "org", clauses: [] },
    ],
  });
});
