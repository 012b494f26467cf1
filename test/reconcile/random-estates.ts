import fc from "fast-check";
import type { SourceFile } from "../../src/diagnostic/span.ts";

/** The manifests of an estate, as files; JSON is YAML. */
export type Estate = readonly SourceFile[];

type Json = { readonly [name: string]: unknown };

const people = ["ana", "bo", "cy", "di", "eve"] as const;
const slugs = ["acme", "globex", "hooli"] as const;
const workspaces = ["web", "shop"] as const;
const environments = ["dev", "live"] as const;
const permissions = ["org:read", "members:invite", "billing:*", "document:read", "*:read"] as const;

/**
 * Two valid estates, the second of which may follow the first: it keeps its orgs and workspaces, since absence
 * never deletes these, and writes every section, since dropping one is not silent. All else may differ.
 */
export const twoEstates: fc.Arbitrary<readonly [Estate, Estate]> = fc
  .record({
    first: fc.subarray([...slugs]),
    added: fc.subarray([...slugs]),
    places: fc.tuple(fc.subarray([...workspaces]), fc.subarray([...workspaces])),
    seeds: fc.tuple(estate(), estate()),
  })
  .map(({ first, added, places: [before, more], seeds: [a, b] }) => {
    const union = <T>(one: readonly T[], other: readonly T[]) => [...new Set([...one, ...other])];
    return [a(first, before), b(union(first, added), union(before, more))] as const;
  });

/** A way to write an estate with given orgs and workspaces. */
function estate(): fc.Arbitrary<(orgs: readonly string[], places: readonly string[]) => Estate> {
  return fc
    .record({ catalog: catalog(), orgs: fc.record({ acme: org(), globex: org(), hooli: org() }) })
    .map(({ catalog: written, orgs }) => (present: readonly string[], places: readonly string[]) => [
      file("tenants/catalog.yaml", written),
      ...present.map((slug) =>
        file(`tenants/orgs/${slug}.yaml`, orgs[slug as (typeof slugs)[number]](slug, places)),
      ),
    ]);
}

function file(path: string, content: Json): SourceFile {
  return { path, text: JSON.stringify(content, null, 1) };
}

function catalog(): fc.Arbitrary<Json> {
  return fc
    .record({
      description: option("description", ["One", "Another"]),
      admin: fc.subarray([...permissions], { minLength: 1 }),
      across: fc.boolean(),
      extraRole: fc.boolean(),
      flagDefault: fc.boolean(),
      rollout: fc.integer({ min: 1, max: 100 }),
      extraFlag: fc.boolean(),
      rate: fc.integer({ min: 1, max: 9_000 }),
      regions: fc.constantFrom(["eu", "us"], ["eu", "us", "apac"]),
    })
    .map((chosen) => ({
      apiVersion: "tenantry/v1",
      catalog: "shop",
      ...chosen.description,
      attributes: { org: { region: chosen.regions }, member: { department: "text" } },
      permissions: {
        org: ["read", "update"],
        members: ["read", "invite"],
        billing: ["read", "change"],
        document: { scope: "workspace", actions: ["read", "write"] },
      },
      roles: {
        owner: { grants: ["*:*"], across: "workspaces", at_least: 1 },
        admin: { grants: chosen.admin, ...(chosen.across ? { across: "workspaces" } : {}) },
        editor: { grants: ["document:read", { allow: "document:write", if: { "org.region": "eu" } }] },
        ...(chosen.extraRole ? { helper: { inherits: ["editor"], grants: [] } } : {}),
      },
      features: { sso: "switch", seats: { limit: "members" }, calls: "quota", support: ["basic", "gold"] },
      rate_limits: { api: `${chosen.rate}/minute` },
      products: ["platform"],
      plans: {
        free: {
          product: "platform",
          fallback: true,
          versions: { 1: { entitlements: { sso: false, seats: "unlimited" } } },
        },
        team: {
          product: "platform",
          versions: {
            1: { extends: "free@1", price: { monthly: "39.00 USD" }, entitlements: { sso: true } },
          },
        },
      },
      flags: {
        dashboard: {
          default: chosen.flagDefault,
          rules: [{ if: { "org.plan": "team" }, rollout: `${chosen.rollout}%`, serve: true }],
        },
        checkout: { variants: { old: "v1", new: "v2" }, default: "old" },
        ...(chosen.extraFlag ? { extra: { default: 1 } } : {}),
      },
      templates: { standard: { security: { require_mfa: chosen.across }, trace: { mode: "all" } } },
    }));
}

function org(): fc.Arbitrary<(slug: string, places: readonly string[]) => Json> {
  return fc
    .record({
      industry: option("industry", ["retail", "health"]),
      attributes: fc.constantFrom({}, { region: "eu" }, { region: "us" }),
      others: fc.dictionary(fc.constantFrom(...people.slice(1)), member(), { noNullPrototype: true }),
      teams: teams(),
      role: fc.option(fc.subarray([...permissions], { minLength: 1 }), { nil: null }),
      environments: fc.subarray([...environments]),
      plan: fc.constantFrom(null, "free@1", "team@1"),
      quantity: fc.integer({ min: 1, max: 9 }),
      override: fc.constantFrom(
        {},
        { dashboard: true },
        { checkout: "new" },
        { dashboard: { value: false, until: "2027-01-01" } },
      ),
      calls: fc.option(fc.integer({ min: 1, max: 99_999 }), { nil: null }),
      templates: fc.subarray(["standard"]),
      trace: fc.constantFrom({}, { mode: "sampled", sample_rate: 0.25 }, { mode: "none" }),
      webhooks: fc.subarray(["erp", "crm"]),
      invited: fc.subarray(["nia", "max"]),
      live: fc.boolean(),
    })
    .map((chosen) => (slug: string, places: readonly string[]) => {
      const address = (person: string) => `${person}@${slug}.example`;
      const members = Object.fromEntries([
        [address("ana"), "owner"],
        ...Object.entries(chosen.others).map(([person, write]) => [address(person), write(places)]),
      ]);
      const present = [...Object.keys(chosen.others), "ana"];
      return {
        apiVersion: "tenantry/v1",
        org: slug,
        name: `The ${slug}`,
        ...chosen.industry,
        attributes: chosen.attributes,
        templates: chosen.templates,
        subscriptions:
          chosen.plan === null ? {} : { platform: { plan: chosen.plan, quantity: chosen.quantity } },
        entitlements: chosen.calls === null ? {} : { calls: `${chosen.calls}/month` },
        flags: chosen.override,
        rate_limits: chosen.quantity > 5 ? { api: "5/second" } : {},
        roles: chosen.role === null ? {} : { auditor: { grants: chosen.role } },
        members,
        teams: chosen.teams(present, address, places),
        workspaces: Object.fromEntries(
          places.map((place) => [
            place,
            {
              environments: Object.fromEntries(
                chosen.environments.map((name) => [
                  name,
                  { tier: name === "live" ? "prod" : "dev", flags: chosen.live ? { dashboard: true } : {} },
                ]),
              ),
            },
          ]),
        ),
        resources: places.length > 0 && chosen.live ? { "document/spec": { workspace: places[0] } } : {},
        security: { require_mfa: chosen.live },
        trace: chosen.trace,
        branding: { primary: chosen.live ? "#fff" : "#000" },
        banner: { message: `Quantity ${chosen.quantity}` },
        invitations: Object.fromEntries(chosen.invited.map((person) => [address(person), "admin"])),
        sso: chosen.live ? { id: { protocol: "oidc", domains: [`${slug}.example`] } } : {},
        join: chosen.live ? { [`${slug}.example`]: { sso: "id", roles: "admin" } } : {},
        api_keys: { stock: { scopes: chosen.role ?? [] } },
        webhooks: Object.fromEntries(
          chosen.webhooks.map((name) => [name, { url: `https://${name}.example/hook` }]),
        ),
        notifications: { incidents: { webhooks: chosen.webhooks } },
      };
    });
}

function member(): fc.Arbitrary<(places: readonly string[]) => Json> {
  return fc
    .record({
      roles: fc.subarray(["owner", "admin", "editor"]),
      status: fc.constantFrom("active", "suspended"),
      here: fc.subarray(["editor", "admin"], { minLength: 1 }),
      department: option("department", ["design", "law"]),
    })
    .map(({ roles, status, here, department }) => (places) => ({
      roles,
      status,
      attributes: department,
      workspaces: Object.fromEntries(places.map((place) => [place, here])),
    }));
}

type WriteTeams = (
  present: readonly string[],
  address: (person: string) => string,
  places: readonly string[],
) => Json;

function teams(): fc.Arbitrary<WriteTeams> {
  return fc
    .record({
      names: fc.subarray(["release", "hotfix", "night"]),
      nested: fc.boolean(),
      maintainer: fc.boolean(),
      roles: fc.subarray(["admin", "editor"]),
    })
    .map(
      ({ names, nested, maintainer, roles }) =>
        (present, address, places) =>
          Object.fromEntries(
            names.map((name, index) => [
              name,
              {
                ...(nested && index > 0 ? { parent: names[index - 1] } : {}),
                members: Object.fromEntries(
                  present
                    .slice(index)
                    .map((person) => [address(person), maintainer ? "maintainer" : "member"]),
                ),
                roles,
                workspaces: Object.fromEntries(places.map((place) => [place, ["editor"]])),
              },
            ]),
          ),
    );
}

/** A field that is written or not. */
function option(field: string, values: readonly string[]): fc.Arbitrary<Json> {
  return fc.constantFrom({}, ...values.map((value) => ({ [field]: value })));
}
