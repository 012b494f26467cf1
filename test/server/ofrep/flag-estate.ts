import type { AddressInfo } from "node:net";
import type { Database } from "../../../src/database/connect.ts";
import { type ServedEstate, serveEstate } from "../serve-estate.ts";

export const catalog = `apiVersion: tenantry/v1
catalog: test-cloud
attributes:
  member: { department: text }
  request: { ip_country: text }
permissions: { org: [read] }
roles: { owner: { grants: ["*:*"], at_least: 1 } }
flags:
  new_dashboard:
    default: false
    rules:
      - { if: { request.ip_country: DE }, serve: true }
      - { if: { member.department: design }, serve: true }
  checkout:
    variants: { old: v1, new: v2 }
    default: old
    rules: [{ if: { environment.tier: dev }, serve: new }]
  page_size: { default: 50 }
  ratio: { default: 0.25 }
  theme: { default: { color: blue, round: true } }
  regions: { default: [eu, us] }
  beta:
    default: false
    salt: beta
    rules: [{ by: member, rollout: 50%, serve: true }]
`;

/** An org that can be given more lines. */
export const acme = (more = "") => `apiVersion: tenantry/v1
org: acme
name: Acme Corp
members:
  ana@acme.example: owner
  cy@acme.example: { id: user_7, roles: owner, attributes: { department: design } }
workspaces:
  web: { environments: { dev: { tier: dev, host: localhost }, live: { tier: prod, host: cloudrun } } }
${more}`;

export const globex = (more = "") => `apiVersion: tenantry/v1
org: globex
name: Globex
members: { gus@globex.example: owner }
${more}`;

/** An estate with a flag of every type. */
export function serveFlags(database: Database, more: { readonly acme?: string } = {}): Promise<ServedEstate> {
  return serveEstate(database, {
    files: { "catalog.yaml": catalog, "orgs/acme.yaml": acme(more.acme), "orgs/globex.yaml": globex() },
  });
}

/** Has a served estate listen; gives the base URL of acme. */
export async function listen({ app }: Pick<ServedEstate, "app">): Promise<string> {
  await app.listen({ port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/orgs/acme`;
}
