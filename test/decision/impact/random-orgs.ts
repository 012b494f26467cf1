import fc from "fast-check";
import type { OrgSource } from "../../../src/decision/compile-org.ts";
import type { Condition } from "../../../src/model/condition.ts";
import type { FieldsOf } from "../../../src/model/field.ts";
import type { Grant } from "../../../src/model/grant.ts";
import type { Resource } from "../../../src/model/state.ts";
import { declare, rule, when } from "../acme-cloud.ts";

const patterns = ["org:read", "org:update", "document:read", "document:*", "*:read", "deployment:run", "*:*"];
const conditions: readonly (Condition | null)[] = [
  null,
  null,
  when("resource.status", "in", ["draft"]),
  when("request.mfa", "in", [true]),
  when("org.plan", "in", ["team"]),
  when("member.department", "in", ["design"]),
  when("environment.tier", "in", ["prod"]),
  { all: [when("org.entitlements.seats", "above", 3), when("resource.status", "in", ["live"])] },
  { not: when("org.region", "in", ["eu"]) },
  when("org.region", "present", true),
  when("action.name", "in", ["read"]),
];

const grant: fc.Arbitrary<Grant> = fc.record({
  effect: fc.constantFrom("allow", "allow", "allow", "deny"),
  permission: fc.constantFrom(...patterns),
  if: fc.constantFrom(...conditions),
});
const roleFields = {
  grants: fc.array(grant, { maxLength: 3 }),
  across: fc.constantFrom(null, "workspaces"),
};
const names = ["owner", "editor", "viewer"] as const;

/** A catalog's resources; two of them have the same plans' versions, flags and roles by name, or nearly so. */
export const catalogRows: fc.Arbitrary<readonly Resource[]> = fc
  .record({
    scope: fc.constantFrom("org", "org", "workspace"),
    hasDelete: fc.boolean(),
    roles: fc.tuple(...names.map(() => fc.record(roleFields))),
    inherits: fc.boolean(),
    roleCount: fc.constantFrom(2, 3, 3),
    seats: fc.constantFrom(3, 4, "unlimited" as const),
    sso: fc.boolean(),
    rollout: fc.constantFrom(20, 60),
    by: fc.constantFrom("org" as const, "member" as const),
    flagIf: fc.constantFrom(...conditions),
    flagDefault: fc.constantFrom("old", "new"),
    salt: fc.constantFrom("salt", null),
    extraFlag: fc.boolean(),
    extraFeature: fc.boolean(),
    price: fc.constantFrom("39.00", "49.00", null),
    fallback: fc.boolean(),
    general: fc.constantFrom(null, 60, 60, 30),
    rates: fc.tuple(...[1, 2].map(() => fc.constantFrom({}, { api: 600 }, { api: 300 }))),
  })
  .map((chosen) => [
    declare("attribute", { subject: "org", name: "region", type: "text" }),
    declare("attribute", { subject: "member", name: "department", type: "text" }),
    declare("attribute", { subject: "document", name: "status", type: "text" }),
    declare("permission", { resource_type: "org", action: "read", scope: "org" }),
    ...(chosen.hasDelete
      ? [declare("permission", { resource_type: "document", action: "delete", scope: "workspace" })]
      : []),
    declare("permission", { resource_type: "org", action: "update", scope: chosen.scope }),
    declare("permission", { resource_type: "document", action: "read", scope: "workspace" }),
    declare("permission", { resource_type: "deployment", action: "run", scope: "environment" }),
    ...names.slice(0, chosen.roleCount).map((name, index) =>
      declare("catalog_role", {
        name,
        ...chosen.roles[index],
        inherits: name === "owner" && chosen.inherits ? ["editor"] : [],
      } as Partial<FieldsOf<"catalog_role">>),
    ),
    declare("feature", { name: "sso", type: "switch" }),
    declare("feature", { name: "seats", type: "limit", counts: "members" }),
    ...(chosen.extraFeature ? [declare("feature", { name: "audit", type: "switch" })] : []),
    ...(chosen.general === null
      ? []
      : [declare("catalog_rate_limit", { name: "api", amount: chosen.general, period: "minute" })]),
    declare("product", { name: "platform", position: 0 }),
    declare("plan", { name: "free", product: "platform", fallback: chosen.fallback }),
    declare("plan", { name: "team", product: "platform" }),
    declare("plan_version", {
      plan: "free",
      version: 1,
      entitlements: { sso: false, seats: 2 },
      rate_limits: perMinute(chosen.rates[0]),
    }),
    declare("plan_version", {
      plan: "team",
      version: 1,
      entitlements: { sso: chosen.sso, seats: chosen.seats },
      rate_limits: perMinute(chosen.rates[1]),
      price: chosen.price === null ? null : { monthly: { amount: chosen.price, currency: "USD" } },
    }),
    declare("flag", {
      name: "checkout",
      variants: { old: "v1", new: "v2" },
      default: chosen.flagDefault,
      salt: chosen.salt,
      rules: [rule({ if: chosen.flagIf, rollout: chosen.rollout, by: chosen.by, serve: "new" })],
    }),
    declare("flag", { name: "steady", default: 1, salt: "steady", rules: [] }),
    ...(chosen.extraFlag
      ? [declare("flag", { name: "extra", default: true, salt: "extra", rules: [] })]
      : []),
  ]);

function perMinute(rates: { readonly api?: number } = {}) {
  return rates.api === undefined ? {} : { api: { amount: rates.api, per: "minute" } };
}

const people = ["ana", "bo", "cy"] as const;
const places = [{}, {}, {}, { workspace: "web" }, { environment: "web/live" }, { resource: "document/spec" }];

/** The rows of an org. Nothing in them lapses. */
export function orgSource(slug: string): fc.Arbitrary<OrgSource> {
  return fc
    .record({
      status: fc.constantFrom("active", "active", "active", "suspended"),
      region: fc.constantFrom({}, { region: "eu" }, { region: "us" }),
      members: fc.tuple(
        ...people.map(() =>
          fc.record({
            status: fc.constantFrom("active", "active", "suspended"),
            attributes: fc.constantFrom({}, { department: "design" }),
          }),
        ),
      ),
      ownRole: fc.option(fc.record({ ...roleFields, inherits: fc.subarray(["editor"]) }), { nil: null }),
      bindings: fc.array(
        fc.record({
          subject: fc.constantFrom(...people, "team all", "team part"),
          role: fc.constantFrom(...names, ...names, "auditor"),
          place: fc.constantFrom(...places),
        }),
        { maxLength: 6 },
      ),
      inTeams: fc.subarray([...people]),
      subscribed: fc.constantFrom(null, "team@1", "free@1"),
      override: fc.constantFrom(null, {}, { environment: "web/live" }),
      seats: fc.constantFrom(null, {}, { workspace: "web" }),
      rate: fc.constantFrom(null, null, 600, 45),
      mode: fc.constantFrom("all", "none"),
      ssoDomains: fc.subarray([`${slug}.example`]),
    })
    .map((chosen) => ({
      id: `id of ${slug}`,
      slug,
      memberIds: new Map(people.map((name) => [`${name}@${slug}.example`, `id of ${name} in ${slug}`])),
      resources: [
        declare("org", { slug, status: chosen.status, attributes: chosen.region }),
        declare("workspace", { slug: "web" }),
        declare("environment", { workspace: "web", slug: "live", tier: "prod" }),
        declare("environment", { workspace: "web", slug: "dev", tier: "dev" }),
        declare("resource", { type: "document", name: "spec", workspace: "web" }),
        ...(chosen.ownRole ? [declare("role", { name: "auditor", ...chosen.ownRole })] : []),
        ...people.map((name, index) => {
          const email = `${name}@${slug}.example`;
          return declare("member", { key: email, email, ...chosen.members[index] });
        }),
        declare("team", { name: "all" }),
        declare("team", { name: "part", parent: "all" }),
        ...chosen.inTeams.map((name, index) =>
          declare("team_member", {
            team: index % 2 === 0 ? "part" : "all",
            member: `${name}@${slug}.example`,
          }),
        ),
        ...chosen.bindings.flatMap(({ subject, role, place }) => {
          if (role === "auditor" && chosen.ownRole === null) return [];
          const holder = subject.startsWith("team ")
            ? { team: subject.slice(5), member: null }
            : { member: `${subject}@${slug}.example`, team: null };
          const held = role === "auditor" ? { role } : { catalog_role: role };
          const none = { workspace: null, environment: null, resource: null };
          return [
            declare("binding", { ...none, role: null, catalog_role: null, ...holder, ...held, ...place }),
          ];
        }),
        ...(chosen.subscribed
          ? [declare("subscription", { product: "platform", plan: chosen.subscribed, quantity: 3 })]
          : []),
        ...(chosen.override
          ? [declare("flag_override", { flag: "checkout", value: "new", ...chosen.override })]
          : []),
        ...(chosen.seats ? [declare("entitlement", { feature: "seats", value: 9, ...chosen.seats })] : []),
        ...(chosen.rate === null
          ? []
          : [declare("rate_limit", { name: "api", amount: chosen.rate, period: "minute" })]),
        declare("trace", { mode: chosen.mode }),
        declare("sso", { name: "okta", domains: chosen.ssoDomains }),
      ],
    }));
}
