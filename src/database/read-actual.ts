import { type ActualScope, type ActualState, catalogId } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";
import { readEstate } from "./read-estate.ts";
import { readOutsideWrites } from "./read-outside-writes.ts";
import { readCatalogRows, readOrgRows } from "./read-rows.ts";
import type { Transaction } from "./transaction.ts";

export interface ReadOptions {
  /** The slugs of the orgs to read; those that are not there are left out. All orgs where nothing is said. */
  readonly orgs?: readonly string[];
  /** Told how many orgs were read, after each part. */
  readonly onProgress?: ((read: number, total: number) => void) | undefined;
}

/** So many orgs are read at a time: enough to be quick, and few enough to fit in memory as text. */
const orgsAtATime = 1_000;

/**
 * Reads the catalog and the orgs, sorted by slug, in one snapshot of the database. Values come in canonical
 * form; the order of a kind's rows is not defined.
 */
export async function readActual(database: Database, options: ReadOptions = {}): Promise<ActualState> {
  const snapshot = { isolation: "repeatable read", readOnly: true } as const;
  return inTransaction(database, "apply", snapshot, async (transaction) => ({
    ...(await readEstate(transaction)),
    catalog: await readCatalog(transaction),
    orgs: await readOrgs(transaction, await listOrgs(transaction, options), options),
  }));
}

/** An org that is there, by its books. */
export interface ListedOrg {
  readonly id: string;
  readonly slug: string;
  readonly counter: number;
}

/** The catalog with its rows, its counter and what others wrote to it. */
export async function readCatalog(transaction: Transaction): Promise<ActualScope> {
  const books = await transaction.kysely
    .selectFrom("org_books")
    .select("change_counter")
    .where("org_id", "=", catalogId)
    .executeTakeFirst();
  return {
    org: null,
    orgId: catalogId,
    counter: Number(books?.change_counter ?? 0),
    rows: await readCatalogRows(transaction),
    writes: (await readOutsideWrites(transaction, [catalogId])).get(catalogId) ?? [],
  };
}

/** Sorted by id: so a part of the list is a range of every table's key. */
async function listOrgs(transaction: Transaction, { orgs }: ReadOptions): Promise<ListedOrg[]> {
  const { rows } = await transaction.query<{ listed: [string, string, number][] | null }>(
    `select json_agg(json_build_array(o.org_id, o.slug, coalesce(b.change_counter, 0)) order by o.org_id) as listed
     from org o left join org_books b using (org_id)
     ${orgs ? "where o.slug = any($1)" : ""}`,
    orgs ? [orgs] : [],
  );
  return (rows[0]?.listed ?? []).map(([id, slug, counter]) => ({ id, slug, counter }));
}

/** The slugs of all orgs. */
export async function readSlugs(database: Database): Promise<string[]> {
  const rows = await inTransaction(database, "apply", { readOnly: true }, ({ kysely }) =>
    kysely.selectFrom("org").select("slug").execute(),
  );
  return rows.flatMap(({ slug }) => slug ?? []).sort(byCodeUnit);
}

/** Orgs with all their rows, sorted by slug. */
export async function readOrgs(
  transaction: Transaction,
  listed: readonly ListedOrg[],
  { onProgress }: Pick<ReadOptions, "onProgress"> = {},
): Promise<ActualScope[]> {
  const scopes: ActualScope[] = [];
  for (let start = 0; start < listed.length; start += orgsAtATime) {
    const part = listed.slice(start, start + orgsAtATime);
    const ids = part.map(({ id }) => id);
    const rows = await readOrgRows(transaction, ids);
    const writes = await readOutsideWrites(transaction, ids);
    for (const { id, slug, counter } of part) {
      const ofOrg = { rows: rows.get(id) ?? new Map(), writes: writes.get(id) ?? [] };
      scopes.push({ org: slug, orgId: id, counter, ...ofOrg });
    }
    onProgress?.(scopes.length, listed.length);
  }
  return scopes.sort((a, b) => byCodeUnit(a.org ?? "", b.org ?? ""));
}
