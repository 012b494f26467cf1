import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { schemaText } from "../../../src/command/schema.ts";
import { discover } from "../../../src/manifest/discover.ts";
import { discoverEstates } from "../../../src/manifest/discover-estates.ts";
import { schemaFiles } from "../../../src/manifest/schema/json-schema.ts";

type Json = { readonly [name: string]: unknown };

const names = Object.keys(schemaFiles) as (keyof typeof schemaFiles)[];
const schemas = Object.fromEntries(
  names.map((name) => [name, JSON.parse(readFileSync(`schemas/${name}`, "utf8")) as Json]),
);
const validators = Object.fromEntries(
  names.map((name) => [
    name,
    new Ajv2020({ strictTypes: false, formats: { uri: true } }).compile(schemas[name] as Json),
  ]),
);

function faultsOf(text: string): readonly string[] {
  const value = parse(text, { schema: "core" }) as Json;
  const kind = ["org", "catalog", "estates"].find((field) => Object.hasOwn(value, field));
  const validate = validators[`${kind === "estates" ? "estate" : (kind ?? "org")}.schema.json`];
  return validate?.(value)
    ? []
    : (validate?.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

it.each(names)("%s is what `tenantry schema --write schemas` writes", (name) => {
  expect(readFileSync(`schemas/${name}`, "utf8")).toBe(schemaText(name));
});

describe("estates that are valid are valid to an editor", () => {
  const estates = ["tenants", "examples/starter/tenants", "examples/kubernetes/tenants"];
  const overlaid = ["production", "staging"].flatMap(
    (overlay) => discover("examples/estates/tenants", { overlay }).files,
  );
  const declared = discoverEstates("examples/estates/tenants").file ?? [];
  it.each([estates.flatMap((estate) => discover(estate).files), overlaid, declared].flat())(
    "$path",
    ({ text }) => {
      expect(faultsOf(text)).toEqual([]);
    },
  );

  it("in every short form", () => {
    const text = `
apiVersion: tenantry/v1
org: acme
templates: standard
manage: { members: { authoritative: { over: all } }, teams: additive }
release: flags
subscriptions: { platform: team@1 }
entitlements: { seats: 50, sso: true, api_calls: { value: 10_000/month, until: 2027-01-01 } }
rate_limits: { api: 1_200/minute, jobs: { value: 5/second, reason: pilot } }
members:
  ana@acme.example: owner
  bo@acme.example: [admin, auditor]
  user_1: { roles: member, workspaces: { web: [editor] } }
teams: { release: { members: [ana@acme.example] }, ops: { members: { bo@acme.example: maintainer } } }
invitations: { dora@acme.example: member }
join: { acme.example: { roles: member } }
trace: { mode: sampled, sample_rate: 0.10, retention_days: 1_000 }
`;
    expect(faultsOf(text)).toEqual([]);
  });

  it("with several databases", () => {
    const text = `
apiVersion: tenantry/v1
estates:
  production: { description: What customers use, database: { env: PRODUCTION_URL } }
  local: { database: { directory: .tenantry }, schema: acme_local, role_prefix: acme_local_ }
`;
    expect(faultsOf(text)).toEqual([]);
  });
});

describe("what is misspelt or of another form is refused by an editor", () => {
  const org = "apiVersion: tenantry/v1\norg: acme\n";
  const catalog = "apiVersion: tenantry/v1\ncatalog: shop\n";
  const estates = "apiVersion: tenantry/v1\nestates:\n";
  it.each([
    `${org}memebrs: {}`,
    `${org}security: { requires_mfa: true }`,
    `${org}security: { require_mfa: "true" }`,
    `${org}members: { ana@acme.example: { role: owner } }`,
    `${org}members: { ana@acme.example: { roles: { admin: true } } }`,
    `${org}workspaces: { web: { environments: { live: { teir: prod } } } }`,
    `${org}workspaces: { "web shop": {} }`,
    `${org}sso: { okta: { protocol: oidc, client_secret: hunter2 } }`,
    `${org}created: yesterday`,
    `${org}rate_limits: { api: often }`,
    `${org}trace: { mode: sampled, sample_rate: 2 }`,
    `${org}release: [flgas]`,
    `${org}manage: { members: { authoritative: { ovre: all } } }`,
    `${org}status: activ`,
    "org: acme",
    "apiVersion: tenantry/v2\norg: acme",
    `${catalog}role: {}`,
    `${catalog}features: { sso: swich }`,
    `${catalog}attributes: { org: { region: txt } }`,
    `${catalog}plans: { free: { versions: { 1: {} } } }`,
    `${catalog}plans: { free: { product: a, versions: { v1: {} } } }`,
    `${catalog}plans: { free: { product: a, versions: { 1: { price: { monthly: 39 } } } } }`,
    `${catalog}guards: { max_removals: 25 }`,
    `${catalog}flags: { beta: { default: false, rules: [{ serv: true }] } }`,
    `${catalog}tests: [{ name: a, now: 2026-01-01, member: { rolse: x }, expect: {} }]`,
    `${estates}  staging: { schema: acme }`,
    `${estates}  staging: { database: { env: "postgres://db.example/acme" } }`,
    `${estates}  staging: { database: { env: STAGING_URL }, schema: Acme }`,
  ])("%s", (text) => {
    expect(faultsOf(text)).not.toEqual([]);
  });
});

it.each(names)("every property of %s has a description", (name) => {
  const lacking: string[] = [];
  const visit = (schema: unknown, path: string) => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [key, inner] of Object.entries(schema)) {
      if (key === "properties") {
        for (const [property, said] of Object.entries(inner as Json))
          if (typeof (said as Json).description !== "string") lacking.push(`${path}/${property}`);
      }
      visit(inner, key === "properties" || key === "anyOf" ? path : `${path}/${key}`);
    }
  };
  visit(schemas[name], "");
  expect(lacking).toEqual([]);
});
