import type { Database } from "../../src/database/connect.ts";
import { type ClientOverEstate, clientOverEstate } from "../client-over-estate.ts";
import { serveEstate } from "../server/serve-estate.ts";

const catalog = `apiVersion: tenantry/v1
catalog: shop
attributes: { document: { status: [draft, live] } }
permissions:
  orders: [read, write]
  document: { scope: workspace, actions: [write] }
roles:
  owner: { grants: ["*:*"], across: workspaces, at_least: 1 }
  clerk: { grants: [orders:read] }
  editor: { grants: [{ allow: document:write, if: { resource.status: draft } }] }
`;

const orgs = {
  acme: `name: Acme
members:
  ana@acme.example: { id: user_1, roles: owner }
  bo@acme.example: clerk
  cy@acme.example: { workspaces: { web: editor } }
  di@acme.example: { roles: owner, status: suspended }
workspaces: { web: {}, blog: {} }
`,
  globex: `name: Globex
members: { gus@globex.example: owner }
security: { require_mfa: true }
`,
  hooli: `name: Hooli
status: suspended
members: { hal@hooli.example: owner }
`,
};

/** Three orgs of a shop, one of which wants a second factor and one of which is suspended. */
export const shopFiles: Readonly<Record<string, string>> = {
  "catalog.yaml": catalog,
  ...Object.fromEntries(
    Object.entries(orgs).map(([org, text]) => [
      `orgs/${org}.yaml`,
      `apiVersion: tenantry/v1\norg: ${org}\n${text}`,
    ]),
  ),
};

/** A client that asks about the shop. */
export async function shopClient(database: Database): Promise<ClientOverEstate> {
  const { estate, clock } = await serveEstate(database, { files: shopFiles });
  return clientOverEstate(estate, () => clock.now);
}
