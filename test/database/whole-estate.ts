import { randomUUID } from "node:crypto";
import type { Database } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { type Applied, type WriteOptions, writePlan } from "../../src/database/write-plan.ts";
import { descriptorOf, type Kind, kinds } from "../../src/model/kinds.ts";
import type { DesiredScope, DesiredState, Resource } from "../../src/model/state.ts";
import type { Value } from "../../src/model/value.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";

type Fields = Readonly<Record<string, Value>>;
type Declared = { readonly [K in Kind]?: readonly Fields[] };

export const now = "2026-11-21T09:00:00Z";

/** A scope that declares these resources, and manages every section. */
export function scope(
  org: string | null,
  declared: Declared,
  previously: readonly string[] = [],
): DesiredScope {
  return {
    org,
    previously,
    resources: Object.entries(declared).flatMap(([kind, all]) =>
      all.map((fields) => asResource(kind as Kind, fields)),
    ),
    sections: new Set(sections),
    authoritative: new Map(),
    released: new Set(),
  };
}

/** A field `previously` names the keys that it had before. */
function asResource(kind: Kind, { previously = [], ...fields }: Fields): Resource {
  return { kind, key: descriptorOf(kind).key(fields), fields, previously: previously as string[], path: [] };
}

const sections = Object.values(kinds).flatMap(({ section }) =>
  typeof section === "string" ? [section] : ["members", "teams", "workspaces", "flags", "entitlements"],
);

/** Every kind of the catalog, with every type of field, and text that needs quoting everywhere. */
export const catalog: Declared = {
  catalog: [{ name: "acme-cloud", max_removals: 12.5, membership_limit: 50 }],
  attribute: [{ subject: "org", name: "region", type: "choice", choices: ["eu", 'us, "west"', "{}"] }],
  permission: [{ resource_type: "document", action: "read", scope: "workspace" }],
  catalog_role: [
    { name: "owner", grants: [{ effect: "allow", permission: "*:*", if: null }], at_least: 1 },
    { name: "editor", inherits: ["owner"], description: 'tabs\t, \\ and "quotes"\nand lines' },
  ],
  feature: [{ name: "seats", type: "limit", counts: "members" }],
  catalog_rate_limit: [{ name: "api", amount: 60, period: "minute" }],
  product: [{ name: "platform", position: 0 }],
  plan: [{ name: "team", product: "platform", fallback: true }],
  plan_version: [
    { plan: "team", version: 1, price: { monthly: "39.00 USD" }, entitlements: { seats: 25 } },
    { plan: "team", version: 2, extends: "team@1", trial_days: 14 },
  ],
  flag: [
    {
      name: "checkout",
      type: "string",
      variants: { a: "x", b: null },
      default: "a",
      rules: [{ serve: "a" }],
    },
    { name: "dashboard", type: "boolean", default: false },
  ],
  template: [{ name: "standard", body: { trace: { mode: "none" } }, locked: ["trace.mode"] }],
};

/** Every kind of an org. */
export const acme: Declared = {
  org: [
    {
      slug: "acme",
      name: "Acme Corp 🏭",
      attributes: { region: "eu", employees: 420 },
      templates: ["standard"],
    },
  ],
  workspace: [{ slug: "web", name: "Web shop" }, { slug: "ops" }],
  environment: [
    { workspace: "web", slug: "dev" },
    { workspace: "web", slug: "live", tier: "prod", credentials: { aws: "secret://env/AWS" } },
  ],
  resource: [{ type: "document", name: "spec", workspace: "web", environment: "web/live" }],
  role: [{ name: "auditor", grants: [] }],
  member: [
    { key: "ana@acme.example", email: "Ana@acme.example", status: "active", attributes: {} },
    { key: "user_2", user_id: "user_2", type: "service" },
  ],
  team: [{ name: "hotfix", parent: "release" }, { name: "release" }],
  team_member: [{ team: "release", member: "ana@acme.example", role: "maintainer" }],
  binding: [
    { member: "ana@acme.example", catalog_role: "owner" },
    { member: "user_2", role: "auditor", workspace: "web" },
    { team: "release", catalog_role: "editor", environment: "web/live" },
    { member: "user_2", catalog_role: "editor", resource: "document/spec" },
  ],
  invitation: [
    { email: "bo@acme.example", grants: { roles: ["editor"] }, expires: "2026-12-01T00:00:00.25Z" },
  ],
  sso: [{ name: "okta", protocol: "oidc", domains: ["acme.example"], client_secret: "secret://env/OKTA" }],
  join_rule: [{ domain: "acme.example", sso: "okta", grants: {} }],
  subscription: [
    {
      product: "platform",
      plan: "team@1",
      trial_ends: "2026-12-01T00:00:00Z",
      next_plan: "team@2",
      quantity: 3,
    },
  ],
  entitlement: [{ feature: "seats", value: 50, until: "2027-01-01T00:00:00Z", reason: "launch" }],
  rate_limit: [{ name: "api", amount: 600, period: "minute" }],
  flag_override: [
    { flag: "dashboard", value: true },
    { flag: "dashboard", environment: "web/live", value: false },
    { flag: "checkout", workspace: "ops", value: "b" },
  ],
  security: [{ require_mfa: true }],
  trace: [{ mode: "sampled", sample_rate: 0.1, retention_days: 14 }],
  branding: [{ primary: "#0b5fff", font: "Inter" }],
  banner: [{ message: "Sunday", variant: "warning" }],
  api_key: [{ name: "ci", scopes: ["flags:read"] }],
  webhook: [{ name: "audit", url: "https://acme.example/hook", events: ["member.added"] }],
  notification: [{ name: "ops", email: ["ops@acme.example"] }],
};

export const globex: Declared = {
  org: [{ slug: "globex" }],
  member: [{ key: "ana@acme.example", email: "ana@acme.example" }],
  binding: [{ member: "ana@acme.example", catalog_role: "editor" }],
};

export const whole = estate(catalog, { acme, globex });

/** One row of the catalog, and one org with somebody in it. */
export const small = estate(
  { flag: [{ name: "dashboard", type: "boolean", default: false }] },
  { acme: { org: [{ slug: "acme" }], member: [{ key: "user_1", user_id: "user_1" }] } },
);

export function estate(catalogKinds: Declared, orgs: { readonly [slug: string]: Declared }): DesiredState {
  return {
    catalog: scope(null, catalogKinds),
    orgs: Object.entries(orgs).map(([slug, declared]) => scope(slug, declared)),
  };
}

export async function planFor(database: Database, desired: DesiredState): Promise<Plan> {
  return makePlan(desired, await readActual(database), { now, newId: randomUUID }).plan;
}

export async function apply(
  database: Database,
  desired: DesiredState,
  options: Partial<WriteOptions> = {},
): Promise<Applied> {
  const plan = await planFor(database, desired);
  return writePlan(database, plan, { applyId: randomUUID(), actor: "tester", ...options });
}
