import fc from "fast-check";
import type { Estate } from "../reconcile/random-estates.ts";

type Json = { readonly [name: string]: unknown };

const people = ["bo", "cy", "di"] as const;
const roles = ["editor", "viewer", "guest"] as const;

const conditions: readonly Json[] = [
  { "request.channel": "cli" },
  { "request.mfa": true },
  { "org.region": "eu" },
  { "org.plan": "team" },
  { "org.entitlements.seats": { above: 3 } },
  { "member.department": "design" },
  { "environment.tier": "prod" },
  { not: { "org.region": "us" } },
  { all: [{ "org.entitlements.sso": true }, { "request.channel": "web" }] },
];
const ofDocuments = [
  ...conditions,
  { "resource.status": "draft" },
  { "resource.status": ["draft", "live"], "request.channel": "cli" },
];

/**
 * Two valid estates of one org, the second of which may follow the first: roles allow and deny on conditions, and are
 * held everywhere; entitlements and flags are said in places; members, the org and whole environments change.
 */
export const conditionalEstates: fc.Arbitrary<readonly [Estate, Estate]> = fc
  .tuple(estate(), estate(), fc.integer({ min: 0, max: 3 }))
  .map(([one, other, keep]) => {
    // Often only one half changes: then answers come to differ by the catalog alone, or by the org alone.
    const second = {
      catalog: keep === 1 ? one.catalog : other.catalog,
      org: keep === 2 ? one.org : other.org,
    };
    return [filesOf(one), filesOf(second)];
  });

interface Written {
  readonly catalog: Json;
  readonly org: Json;
}

function estate(): fc.Arbitrary<Written> {
  return fc.record({ catalog: catalog(), org: org() });
}

function filesOf({ catalog: shop, org: acme }: Written): Estate {
  return [
    { path: "tenants/catalog.yaml", text: JSON.stringify(shop, null, 1) },
    { path: "tenants/orgs/acme.yaml", text: JSON.stringify(acme, null, 1) },
  ];
}

function grant(): fc.Arbitrary<Json | string> {
  const effect = fc.constantFrom("allow", "allow", "allow", "deny");
  const condition = (all: readonly Json[]) => fc.option(fc.constantFrom(...all), { freq: 1 });
  const write = ([said, permission, test]: readonly [string, string, Json | null]) =>
    said === "allow" && test === null ? permission : { [said]: permission, ...(test ? { if: test } : {}) };
  const others = ["org:read", "org:update", "report:read", "deployment:run", "*:read"];
  return fc.oneof(
    fc.tuple(effect, fc.constantFrom("document:read", "document:*"), condition(ofDocuments)).map(write),
    fc.tuple(effect, fc.constantFrom(...others), condition(conditions)).map(write),
  );
}

function role(): fc.Arbitrary<Json> {
  return fc
    .record({ grants: fc.array(grant(), { maxLength: 3 }), isAcross: fc.boolean() })
    .map(({ grants, isAcross }) => ({ grants, ...(isAcross ? { across: "workspaces" } : {}) }));
}

function catalog(): fc.Arbitrary<Json> {
  return fc
    .record({
      roles: fc.tuple(role(), role(), role()),
      scope: fc.constantFrom("org", "workspace"),
      seats: fc.constantFrom(3, 5),
      sso: fc.boolean(),
      checkout: fc.constantFrom("old", "new"),
      rollout: fc.constantFrom(30, 60, 90),
      asks: fc.constantFrom(...conditions.slice(2)),
    })
    .map((chosen) => ({
      apiVersion: "tenantry/v1",
      catalog: "shop",
      attributes: {
        org: { region: ["eu", "us"] },
        member: { department: "text" },
        request: { channel: "text" },
        document: { status: "text" },
      },
      permissions: {
        org: ["read", "update"],
        report: { scope: chosen.scope, actions: ["read"] },
        document: { scope: "workspace", actions: ["read", "write"] },
        deployment: { scope: "environment", actions: ["run"] },
      },
      roles: {
        owner: { grants: ["*:*"], across: "workspaces", at_least: 1 },
        ...Object.fromEntries(roles.map((name, index) => [name, chosen.roles[index]])),
      },
      features: { sso: "switch", seats: { limit: "chairs" } },
      products: ["platform"],
      plans: {
        free: {
          product: "platform",
          fallback: true,
          versions: { 1: { entitlements: { sso: false, seats: 2 } } },
        },
        team: {
          product: "platform",
          versions: { 1: { entitlements: { sso: chosen.sso, seats: chosen.seats } } },
        },
      },
      flags: {
        checkout: { default: chosen.checkout, rules: [{ if: chosen.asks, serve: "asked" }] },
        spread: { default: "out", rules: [{ rollout: `${chosen.rollout}%`, by: "member", serve: "in" }] },
      },
    }));
}

function held(): fc.Arbitrary<readonly string[]> {
  return fc.subarray([...roles], { minLength: 1, maxLength: 2 });
}

function member(): fc.Arbitrary<Json> {
  return fc
    .record({
      roles: fc.subarray([...roles], { maxLength: 2 }),
      status: fc.constantFrom("active", "active", "active", "suspended"),
      type: fc.constantFrom("user", "user", "service"),
      attributes: fc.constantFrom({}, { department: "design" }),
      web: fc.option(held(), { nil: null }),
      live: fc.option(held(), { nil: null, freq: 2 }),
      spec: fc.option(held(), { nil: null, freq: 2 }),
    })
    .map(({ web, live, spec, ...said }) => ({
      ...said,
      workspaces: web ? { web } : {},
      environments: live ? { "web/live": live } : {},
      resources: spec ? { "document/spec": spec } : {},
    }));
}

function overrides(): fc.Arbitrary<Json> {
  return fc
    .record({ seats: fc.constantFrom(null, null, 4, 9), checkout: fc.constantFrom(null, null, "here") })
    .map(({ seats, checkout }) => ({
      entitlements: seats === null ? {} : { seats },
      flags: checkout === null ? {} : { checkout },
    }));
}

function org(): fc.Arbitrary<Json> {
  return fc
    .record({
      status: fc.constantFrom(...Array(7).fill("active"), "suspended"),
      attributes: fc.constantFrom({}, { region: "eu" }, { region: "us" }),
      members: fc.dictionary(fc.constantFrom(...people), member(), { noNullPrototype: true, minKeys: 1 }),
      own: fc.array(grant(), { maxLength: 2 }),
      isOwnHeld: fc.boolean(),
      inTeam: fc.subarray([...people]),
      ofTeam: held(),
      whole: overrides(),
      web: overrides(),
      live: overrides(),
      tier: fc.constantFrom("dev", "prod"),
      requiresMfa: fc.boolean(),
    })
    .map((chosen) => {
      const address = (person: string) => `${person}@acme.example`;
      const present = Object.keys(chosen.members);
      return {
        apiVersion: "tenantry/v1",
        org: "acme",
        name: "Acme",
        status: chosen.status,
        attributes: chosen.attributes,
        ...chosen.whole,
        roles: { auditor: { grants: chosen.own } },
        members: {
          [address("ana")]: "owner",
          ...Object.fromEntries(present.map((person) => [address(person), chosen.members[person]])),
        },
        teams: {
          release: {
            members: present.filter((person) => chosen.inTeam.some((each) => each === person)).map(address),
            roles: chosen.isOwnHeld ? ["auditor"] : [],
            workspaces: { web: chosen.ofTeam },
          },
        },
        workspaces: {
          web: {
            ...chosen.web,
            environments: { dev: { tier: "dev" }, live: { tier: chosen.tier, ...chosen.live } },
          },
          shop: { environments: { live: { tier: "prod" } } },
        },
        resources: { "document/spec": { workspace: "web" } },
        security: { require_mfa: chosen.requiresMfa },
      };
    });
}
