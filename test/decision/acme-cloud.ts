import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { compileOrg, type OrgSource } from "../../src/decision/compile-org.ts";
import { instantOf } from "../../src/decision/instant.ts";
import { type Question, questionOf } from "../../src/decision/question.ts";
import type { Condition } from "../../src/model/condition.ts";
import type { FieldsOf } from "../../src/model/field.ts";
import type { FlagRule } from "../../src/model/flag-rule.ts";
import type { Grant } from "../../src/model/grant.ts";
import { descriptorOf, type Kind } from "../../src/model/kinds.ts";
import { type Resource, resource } from "../../src/model/state.ts";
import type { Value } from "../../src/model/value.ts";

/** A resource with the key that its fields make. */
export function declare<K extends Kind>(kind: K, fields: Partial<FieldsOf<K>>): Resource<K> {
  const key = descriptorOf(kind).key(fields as Readonly<Record<string, Value>>);
  return resource(kind, { key, path: [], fields });
}

export const when = (attribute: string, op: string, value: Value) => ({ attribute, op, value }) as Condition;

export const allow = (permission: string, condition: Condition | null = null): Grant => ({
  effect: "allow",
  permission,
  if: condition,
});

export const deny = (permission: string, condition: Condition | null = null): Grant => ({
  effect: "deny",
  permission,
  if: condition,
});

export const rule = (given: Partial<FlagRule>): FlagRule => ({
  if: null,
  serve: null,
  split: null,
  rollout: null,
  by: "org",
  ...given,
});

const permission = (resource_type: string, action: string, scope = "org") =>
  declare("permission", { resource_type, action, scope });
const role = (name: string, grants: readonly Grant[], more: Partial<FieldsOf<"catalog_role">> = {}) =>
  declare("catalog_role", { name, grants, ...more });

/** The catalog that the design shows, and what its decisions need beside. */
export const catalogResources: readonly Resource[] = [
  declare("attribute", { subject: "org", name: "region", type: "choice", choices: ["eu", "us"] }),
  declare("attribute", { subject: "org", name: "employees", type: "number" }),
  declare("attribute", { subject: "member", name: "department", type: "text" }),
  declare("attribute", { subject: "request", name: "ip_country", type: "text" }),
  declare("attribute", {
    subject: "document",
    name: "status",
    type: "choice",
    choices: ["draft", "live", "archived"],
  }),
  permission("org", "read"),
  permission("org", "update"),
  permission("members", "read"),
  permission("members", "invite"),
  permission("billing", "read"),
  permission("billing", "change"),
  permission("document", "read", "workspace"),
  permission("document", "write", "workspace"),
  permission("document", "delete", "workspace"),
  permission("deployment", "run", "environment"),
  role("owner", [allow("*:*")], { across: "workspaces", at_least: 1 }),
  role("admin", [allow("org:update"), allow("members:*")], { inherits: ["member"] }),
  role("member", [allow("org:read"), allow("members:read")]),
  role("reader", [allow("*:read")]),
  role("editor", [
    allow("document:read"),
    allow("document:write", when("resource.status", "in", ["draft", "live"])),
    deny("document:delete", when("resource.status", "in", ["live"])),
    allow("deployment:run"),
  ]),
  role("no_deletion", [deny("document:delete")]),
  declare("feature", { name: "sso", type: "switch" }),
  declare("feature", { name: "seats", type: "limit", counts: "members" }),
  declare("feature", { name: "api_calls", type: "quota", combine: "sum" }),
  declare("feature", {
    name: "support",
    type: "choice",
    choices: ["community", "standard", "premium", "enterprise"],
  }),
  declare("product", { name: "platform", position: 0 }),
  declare("product", { name: "addons", position: 1 }),
  declare("plan", { name: "free", product: "platform", fallback: true }),
  declare("plan", { name: "team", product: "platform" }),
  declare("plan", { name: "enterprise", product: "platform" }),
  declare("plan", { name: "boost", product: "addons" }),
  declare("plan_version", {
    plan: "free",
    version: 1,
    entitlements: { sso: false, seats: 3, api_calls: { amount: 10_000, per: "month" }, support: "community" },
  }),
  declare("plan_version", {
    plan: "team",
    version: 1,
    entitlements: { sso: false, seats: 25, api_calls: { amount: 50_000, per: "month" }, support: "standard" },
  }),
  declare("plan_version", {
    plan: "team",
    version: 2,
    entitlements: {
      sso: false,
      seats: 50,
      api_calls: { amount: 100_000, per: "month" },
      support: "standard",
    },
  }),
  declare("plan_version", {
    plan: "enterprise",
    version: 1,
    entitlements: {
      sso: true,
      seats: "unlimited",
      api_calls: { amount: 100_000, per: "month" },
      support: "enterprise",
    },
  }),
  declare("plan_version", {
    plan: "boost",
    version: 1,
    entitlements: { sso: true, seats: 10, api_calls: { amount: 7_000, per: "month" }, support: "premium" },
  }),
  declare("flag", {
    name: "new_dashboard",
    type: "boolean",
    default: false,
    salt: "new_dashboard",
    rules: [
      rule({
        if: {
          all: [
            when("org.plan", "in", ["team", "enterprise"]),
            when("org.created_at", "after", "2026-01-01T00:00:00Z"),
          ],
        },
        serve: true,
      }),
      rule({ if: when("org.region", "in", ["eu"]), rollout: 25, serve: true }),
    ],
  }),
  declare("flag", {
    name: "checkout",
    type: "string",
    variants: { old: "v1", new: "v2", test: "v2b" },
    default: "old",
    salt: "checkout",
    rules: [rule({ split: { new: 50, test: 50 } })],
  }),
];

export const catalog = compileCatalog(catalogResources);

export const acmeId = "0192f3a0-0000-7000-8000-000000000001";

/** An active org in the EU with what is given beside. */
export function acme(resources: readonly Resource[], source: Partial<OrgSource> = {}) {
  const own = resources.some(({ kind }) => kind === "org") ? [] : [orgRow({})];
  return compileOrg(catalog, { id: acmeId, slug: "acme", resources: [...own, ...resources], ...source });
}

export const orgRow = (fields: Partial<FieldsOf<"org">>) =>
  declare("org", {
    slug: "acme",
    created_at: "2024-03-01T00:00:00Z",
    attributes: { region: "eu" },
    ...fields,
  });

export const now = instantOf("2026-11-01");

export function ask(resources: readonly Resource[], said: Partial<Question> = {}): Question {
  return questionOf({ org: acme(resources), now, ...said });
}

export const at = (text: string) => instantOf(text);
