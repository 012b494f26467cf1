import type { FastifyInstance } from "fastify";
import type { Database } from "../../src/database/connect.ts";
import { revokeKeys } from "../../src/identity/revoke-key.ts";
import { minted } from "../identity/keys-of-acme.ts";
import { type ServedEstate, serveEstate } from "../server/serve-estate.ts";
import { send } from "./route-answer.ts";
import type { Target } from "./route-attack.ts";
import { bearer, everyCredential, type Held } from "./route-credentials.ts";
import { readRouteForms } from "./route-forms.ts";
import { type Given, readIdentifiers } from "./route-identifiers.ts";
import { type Tenant, tenants, twoTenants } from "./route-tenants.ts";

/** Something that stands in the server's way, before it is ready. */
export type StandIn = (app: FastifyInstance) => void;

export interface ServedTarget extends Target {
  readonly served: ServedEstate;
  readonly keys: Readonly<Record<Tenant | "service", Held>>;
  /** Of the server's table of routes: those for which no requests can be made. */
  readonly faults: readonly string[];
}

/** Serves the two tenants to whoever has a key, and gives all by which somebody could ask for what is another's. */
export async function serveTwoTenants(
  database: Database,
  { standIn = () => {}, maxOrgs }: { readonly standIn?: StandIn; readonly maxOrgs?: number } = {},
): Promise<ServedTarget> {
  const served = await serveEstate(database, { auth: true, files: twoTenants, maxOrgs });
  const { app } = served;
  standIn(app);
  await app.ready();
  const hold = async (name: string, org?: Tenant): Promise<Held> => {
    const { text } = await minted(database, name, org);
    const asked = { method: "POST", url: "/v1/token", headers: bearer(text), payload: null };
    return { key: text, token: JSON.parse((await send(app, asked)).body).access_token };
  };
  const holdBoth = async (tenant: Tenant) => {
    const revoked = await hold(`old-${tenant}`, tenant);
    await revokeKeys(database, { kind: "org", org: tenant, name: `old-${tenant}` }, "test");
    return { ...(await hold(`app-${tenant}`, tenant)), revoked };
  };
  const service = await hold("everything");
  const held = { zqnorth: await holdBoth("zqnorth"), zqsouth: await holdBoth("zqsouth") };
  const identifiersOf = async (tenant: Tenant) => {
    const { key, token } = held[tenant];
    const given = await readGiven(app, tenant, service);
    return readIdentifiers(database, tenant, { ...given, credentials: [key, token] });
  };
  const identifiers = { zqnorth: await identifiersOf("zqnorth"), zqsouth: await identifiersOf("zqsouth") };
  const { forms, faults } = readRouteForms(served.routes);
  return {
    served,
    app,
    forms,
    faults,
    keys: { ...held, service },
    credentials: everyCredential({ tenants: held, service }),
    identifiers,
    owners: new Map(tenants.flatMap((tenant) => identifiers[tenant].ids.map((id) => [id, tenant] as const))),
  };
}

/** What answers about a tenant give to be sent back: tags, tokens of pages, positions in streams. */
async function readGiven(
  app: FastifyInstance,
  tenant: Tenant,
  { key }: Held,
): Promise<Omit<Given, "credentials">> {
  const ask = async (path: string, body?: object) => {
    const url = `/v1/orgs/${tenant}${path}`;
    const headers = { ...bearer(key), ...(body && { "content-type": "application/json" }) };
    const payload = body ? JSON.stringify(body) : null;
    const heard = await send(app, { method: body ? "POST" : "GET", url, headers, payload });
    if (heard.status !== 200) throw new Error(`${url}: ${heard.status} ${heard.body}`);
    return heard;
  };
  const search = async (kind: string, body: object) => {
    const page = { limit: 1 };
    return JSON.parse((await ask(`/access/v1/search/${kind}`, { ...body, page })).body).page.next_token;
  };
  const ana = `ana@${tenant}.example`;
  const lists = ["/config", "/flags", "/entitlements", `/members/${ana}/permissions`];
  const listed = await Promise.all(lists.map((path) => ask(path)));
  const all = await ask("/ofrep/v1/evaluate/flags", { context: {} });
  const stream = await ask("/ofrep/v1/events");
  const subject = { type: "member", id: ana };
  const action = { name: "document:read" };
  const resource = { type: "document", id: "plan" };
  return {
    tags: [...listed, all].map(({ headers }) => String(headers.etag)),
    pageTokens: [
      await search("subject", {
        subject,
        action: { name: "org:read" },
        resource: { type: "org", id: tenant },
      }),
      await search("resource", { subject, action, resource }),
      await search("action", { subject, resource: { type: "document", id: `spec-${tenant}` } }),
    ],
    positions: [
      /since=([\w.-]+)/.exec(all.body)?.[1] as string,
      /^id: (.+)$/m.exec(stream.body)?.[1] as string,
    ],
  };
}
