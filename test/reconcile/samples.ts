import type { Kind } from "../../src/model/kinds.ts";

export type Json = { readonly [name: string]: unknown };

/** How manifests declare a kind: two of it where there can be two, and what they need. */
export interface Sample {
  /** Laid over the catalog, or over an org. */
  readonly in: "catalog" | "org";
  /** Where it stands. */
  readonly section: string;
  readonly one: Json;
  /** null: there is at most one. */
  readonly other: Json | null;
  /** What it cannot be without, in the org. */
  readonly needs?: Json;
}

/** A name that the manifests declare one by one: everything of a kind that has no more than a name. */
const named = (section: string, name: string, content: unknown = {}): Json => ({
  [section]: { [name]: content },
});

const inCatalog = (
  section: string,
  content: unknown,
  names: readonly [string, string] = ["one", "other"],
) => ({
  in: "catalog" as const,
  section,
  one: named(section, names[0], content),
  other: named(section, names[1], content),
});

const inOrg = (section: string, content: unknown, names: readonly [string, string] = ["one", "other"]) => ({
  in: "org" as const,
  section,
  one: named(section, names[0], content),
  other: named(section, names[1], content),
});

const setting = (section: string, content: Json) => ({
  in: "org" as const,
  section,
  one: { [section]: content },
  other: null,
});

const people = ["bo@acme.example", "cy@acme.example"] as const;
const member = (person: (typeof people)[number], content: unknown) => named("members", person, content);
const web = { workspaces: { web: { environments: { live: {} } } } };

/** Every kind in every section that declares it. A kind that is not here does not compile. */
export const samples = {
  catalog: [],
  org: [],
  attribute: [
    {
      in: "catalog",
      section: "attributes",
      one: { attributes: { org: { size: "number" } } },
      other: { attributes: { org: { age: "number" } } },
    },
  ],
  permission: [
    {
      in: "catalog",
      section: "permissions",
      one: { permissions: { report: ["read"] } },
      other: { permissions: { report: ["write"] } },
    },
  ],
  catalog_role: [inCatalog("roles", { grants: ["org:read"] })],
  feature: [inCatalog("features", "switch")],
  catalog_rate_limit: [inCatalog("rate_limits", "9/minute")],
  product: [
    { in: "catalog", section: "products", one: { products: ["one"] }, other: { products: ["other"] } },
  ],
  plan: [inCatalog("plans", { product: "platform", versions: {} })],
  plan_version: [
    {
      in: "catalog",
      section: "plans",
      one: { plans: { team: { versions: { 3: {} } } } },
      other: { plans: { team: { versions: { 4: {} } } } },
    },
  ],
  flag: [inCatalog("flags", { default: false })],
  template: [inCatalog("templates", { security: { require_mfa: true } })],
  workspace: [inOrg("workspaces", {})],
  environment: [
    {
      in: "org",
      section: "workspaces",
      one: { workspaces: { web: { environments: { one: {} } } } },
      other: { workspaces: { web: { environments: { other: {} } } } },
      needs: web,
    },
  ],
  resource: [inOrg("resources", {}, ["document/one", "document/other"])],
  role: [inOrg("roles", { grants: ["org:read"] })],
  member: [inOrg("members", {}, people)],
  team: [inOrg("teams", {})],
  team_member: [
    {
      in: "org",
      section: "teams",
      one: { teams: { release: { members: { [people[0]]: "member" } } } },
      other: { teams: { release: { members: { [people[1]]: "member" } } } },
      needs: { teams: { release: { members: {} } }, members: { [people[0]]: {}, [people[1]]: {} } },
    },
  ],
  binding: [
    {
      in: "org",
      section: "members",
      one: member(people[0], { roles: ["admin"] }),
      other: member(people[1], { roles: ["admin"] }),
      needs: { members: { [people[0]]: {}, [people[1]]: {} } },
    },
    {
      in: "org",
      section: "teams",
      one: { teams: { release: { roles: ["admin"] } } },
      other: { teams: { release: { workspaces: { web: ["editor"] } } } },
      needs: { ...web, teams: { release: {} } },
    },
  ],
  invitation: [inOrg("invitations", ["admin"], people)],
  sso: [inOrg("sso", { protocol: "oidc" })],
  join_rule: [inOrg("join", ["admin"], ["one.example", "other.example"])],
  subscription: [inOrg("subscriptions", { plan: "free@1" }, ["platform", "support"])].map((sample) => ({
    ...sample,
    other: named("subscriptions", "support", { plan: "basic@1" }),
  })),
  entitlement: [
    inOrg("entitlements", true, ["sso", "export"]),
    {
      in: "org",
      section: "workspaces",
      one: { workspaces: { web: { entitlements: { sso: true } } } },
      other: { workspaces: { web: { environments: { live: { entitlements: { export: true } } } } } },
      needs: web,
    },
  ],
  rate_limit: [inOrg("rate_limits", "5/second", ["api", "search"])],
  flag_override: [
    inOrg("flags", true, ["dashboard", "beta"]),
    {
      in: "org",
      section: "workspaces",
      one: { workspaces: { web: { flags: { dashboard: true } } } },
      other: { workspaces: { web: { environments: { live: { flags: { dashboard: true } } } } } },
      needs: web,
    },
  ],
  security: [setting("security", { require_mfa: true })],
  trace: [setting("trace", { mode: "all" })],
  branding: [setting("branding", { primary: "#000000" })],
  banner: [setting("banner", { message: "Closed on Sunday" })],
  api_key: [inOrg("api_keys", {})],
  webhook: [inOrg("webhooks", { url: "https://acme.example/hook" })],
  notification: [inOrg("notifications", {})],
} satisfies Record<Kind, readonly Sample[]> as Record<Kind, readonly Sample[]>;

/** What every sample may refer to. */
export const catalog: Json = {
  apiVersion: "tenantry/v1",
  catalog: "shop",
  attributes: { member: { department: "text" } },
  permissions: { org: ["read"], document: { scope: "workspace", actions: ["read"] } },
  roles: {
    owner: { grants: ["*:*"], across: "workspaces" },
    admin: { grants: ["org:read"] },
    editor: { grants: ["document:read"] },
  },
  features: { sso: "switch", export: "switch" },
  rate_limits: { api: "60/minute", search: "60/minute" },
  products: ["platform", "support"],
  plans: {
    free: { product: "platform", fallback: true, versions: { 1: {} } },
    team: { product: "platform", versions: { 1: {} } },
    basic: { product: "support", versions: { 1: {} } },
  },
  flags: { dashboard: { default: false }, beta: { default: false } },
  templates: { standard: { branding: { font: "Inter" } } },
};

export const org: Json = { apiVersion: "tenantry/v1", org: "acme" };

/** Lays manifests over each other: maps merge, and so do lists; anything else replaces. */
export function merged(...layers: readonly Json[]): Json {
  const result: Record<string, unknown> = {};
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer))) {
    const under = result[name];
    if (Array.isArray(under) && Array.isArray(value)) result[name] = [...new Set([...under, ...value])];
    else result[name] = isMap(under) && isMap(value) ? merged(under, value) : value;
  }
  return result;
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
