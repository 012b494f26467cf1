import pg from "pg";
import type { Database } from "../../src/database/connect.ts";
import { acme, apply, catalog, estate } from "../database/whole-estate.ts";
import { isGranted } from "./granted.ts";
import { type Column, qualified, type Relation, readRelations } from "./relations.ts";

export const tenants = ["acme", "globex"] as const;
export type Tenant = (typeof tenants)[number];

export interface TwoTenants {
  readonly relations: readonly Relation[];
  readonly ids: Readonly<Record<Tenant, string>>;
  /** Whose row an id is. */
  readonly ownerOf: ReadonlyMap<string, Tenant>;
}

/** Stands in everything that is somebody's, between two sevens: who that is. No statement says it outright. */
export const canary = /zq7([a-z_]+)7/g;

/**
 * Two orgs with the same names for everything, rows in every table that holds tenants' rows, and a canary in every
 * column that takes one; in what belongs to no org and is hidden from the app, a canary named after its table.
 */
export async function fillTwoTenants(database: Database): Promise<TwoTenants> {
  const org = (slug: string) => ({ ...acme, org: [{ slug, name: slug, attributes: { region: "eu" } }] });
  await apply(database, estate(catalog, { acme: org("acme"), globex: org("globex") }));
  const { rows } = await database.pool.query<{ slug: Tenant; id: string }>(
    "select slug, id from tenantry.org",
  );
  const ids = Object.fromEntries(rows.map(({ slug, id }) => [slug, id])) as Record<Tenant, string>;
  const relations = await readRelations(database);
  // The books last: what the marking of the others writes into them is marked with them.
  const tables = relations.filter(({ kind }) => kind === "table").sort((a, b) => rank(a) - rank(b));
  for (const table of tables) {
    if (table.hasOrg) for (const tenant of tenants) await mark(database, table, tenant, ids[tenant]);
    else if (!isGranted("app", table.name, "select")) await mark(database, table, table.name, null);
  }
  await database.pool.query("analyze");
  return { relations, ids, ownerOf: await readOwners(database, relations, ids) };
}

function rank({ name }: Relation): number {
  return isGranted("app", name, "select") ? 0 : 1;
}

async function mark(database: Database, table: Relation, owner: string, orgId: string | null): Promise<void> {
  const name = qualified(database, table.name);
  const own = orgId === null ? "true" : `org_id = ${pg.escapeLiteral(orgId)}`;
  const { rowCount } = await database.pool.query(`select from ${name} where ${own} limit 1`);
  if (rowCount === 0) await insertOne(database, table, owner, orgId);
  for (const column of table.columns) {
    const value = marking(column, `zq7${owner}7-${column.name.replaceAll("_", "-")}-`);
    if (value === null) continue;
    const set = `update ${name} t set ${pg.escapeIdentifier(column.name)} = ${value}
      from (select ctid, row_number() over () as n from ${name} where ${own}) numbered where t.ctid = numbered.ctid`;
    await database.pool.query(set).catch((error: { code?: string }) => {
      // Of a few words only one is allowed there: that tells nothing of anybody.
      if (error.code !== "23514") throw error;
    });
  }
}

/** The canary as the column's type; numbered, because names are unique in an org. Null where the type takes none. */
function marking({ type }: Column, text: string): string | null {
  const value = `'${text}' || n`;
  if (type === "text") return value;
  if (type === "text[]") return `array[${value}]`;
  if (type === "jsonb" || type === "json") return `${type}_build_object('note', ${value})`;
  if (type === "bytea") return `sha256(convert_to(${value}, 'UTF8'))`;
  return null;
}

/** A row with something in every column that wants it, for tables that an apply does not fill. */
async function insertOne(
  database: Database,
  table: Relation,
  owner: string,
  orgId: string | null,
): Promise<void> {
  const wanted = table.columns.filter(
    ({ name, required, hasDefault }) => name === "org_id" || (required && !hasDefault),
  );
  const values = wanted.map((column) =>
    column.name === "org_id" ? pg.escapeLiteral(orgId ?? "") : filling(table, column, owner),
  );
  await database.pool.query(
    `insert into ${qualified(database, table.name)} (${wanted.map(({ name }) => pg.escapeIdentifier(name)).join(", ")})
     values (${values.join(", ")})`,
  );
}

/** Columns of a few words only, for which no value can be made up. */
const words: { readonly [column: string]: string } = { "access_event.event": "exchanged" };

function filling(table: Relation, { name, type }: Column, owner: string): string {
  const word = words[`${table.name}.${name}`];
  if (word) return pg.escapeLiteral(word);
  const byType: { readonly [type: string]: string } = {
    uuid: "gen_random_uuid()",
    "timestamp with time zone": "now()",
    bigint: "7",
    integer: "7",
    xid8: "'7'",
    json: "'{}'",
    jsonb: "'{}'",
    bytea: `sha256('${owner}')`,
  };
  return byType[type] ?? pg.escapeLiteral(`${owner}-${name}`);
}

/** Every uuid in a tenant's rows that is in no other's. */
async function readOwners(
  database: Database,
  relations: readonly Relation[],
  ids: TwoTenants["ids"],
): Promise<Map<string, Tenant>> {
  const owners = new Map<string, Tenant>();
  for (const { name } of relations.filter(({ kind, hasOrg }) => kind === "table" && hasOrg)) {
    for (const tenant of tenants) {
      const { rows } = await database.pool.query<{ id: string }>(
        `select distinct found[1] as id from ${qualified(database, name)} t,
           regexp_matches(t::text, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') found where org_id = $1`,
        [ids[tenant]],
      );
      for (const { id } of rows)
        owners.set(id, owners.has(id) && owners.get(id) !== tenant ? ("both" as Tenant) : tenant);
    }
  }
  return new Map([...owners].filter(([, owner]) => tenants.includes(owner)));
}
