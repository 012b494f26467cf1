import type { Kind } from "../model/kinds.ts";
import { type ActualRow, type ActualScope, type ActualState, catalogId } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";
import { packedImage, unpackImage } from "./packed-image.ts";
import { readEstate } from "./read-estate.ts";
import { type PackedRow, readCatalogRows, readOrgRows } from "./read-rows.ts";
import type { Transaction } from "./transaction.ts";

export interface ReadAtOptions {
  /** The orgs to read, by id, which no renaming changes. All orgs that there were, where nothing is said. */
  readonly orgIds?: readonly string[];
}

/**
 * What the database held as a revision was made: the rows as they are now, with every later change undone.
 * Transactions follow each other by their org's counter, so that of an org counts what its counter had come to
 * by that revision, and by the time it was made. Null where there is no such revision.
 */
export async function readActualAt(
  database: Database,
  revision: number,
  { orgIds }: ReadAtOptions = {},
): Promise<ActualState | null> {
  const snapshot = { isolation: "repeatable read", readOnly: true } as const;
  return inTransaction(database, "apply", snapshot, async (transaction) => {
    const { epoch } = await readEstate(transaction);
    const counters = await readCounters(transaction, revision, orgIds);
    if (!counters) return null;
    const images = await readImages(transaction, counters);
    const ids = [...counters.keys()].filter((id) => id !== catalogId);
    const now = await readOrgRows(transaction, ids);
    const scopes = ids.flatMap((id) => {
      const rows = undo(now.get(id) ?? new Map(), images.get(id));
      const org = rows.get("org")?.[0];
      return org ? [scopeOf(id, String(org.fields.slug), counters, rows)] : [];
    });
    const catalog = undo(await readCatalogRows(transaction), images.get(catalogId));
    return {
      epoch,
      revision,
      catalog: scopeOf(catalogId, null, counters, catalog),
      orgs: scopes.sort((a, b) => byCodeUnit(a.org ?? "", b.org ?? "")),
    };
  });
}

type Rows = ActualScope["rows"];
type Counters = ReadonlyMap<string, number>;

function scopeOf(orgId: string, org: string | null, counters: Counters, rows: Rows): ActualScope {
  return { org, orgId, counter: counters.get(orgId) ?? 0, rows, writes: [] };
}

/** What the counter of each scope had come to; the books also know orgs that are gone. */
async function readCounters(
  transaction: Transaction,
  revision: number,
  orgIds: readonly string[] | undefined,
): Promise<Counters | null> {
  const { rows } = await transaction.query<{ org_id: string; counter: string }>(
    `select b.org_id, coalesce(max(c.counter), 0) as counter
     from revision r
     cross join org_books b
     left join change_set c on c.org_id = b.org_id and (c.revision <= r.revision or c.at <= r.at)
     where r.revision = $1 ${orgIds ? "and b.org_id = any($2)" : ""}
     group by b.org_id`,
    orgIds ? [revision, [catalogId, ...orgIds]] : [revision],
  );
  return rows.length === 0 ? null : new Map(rows.map(({ org_id, counter }) => [org_id, Number(counter)]));
}

/** By scope and row, what it was before the first change since; null where it was not there. */
type Images = ReadonlyMap<
  string,
  ReadonlyMap<string, { readonly kind: Kind; readonly row: ActualRow | null }>
>;

async function readImages(transaction: Transaction, counters: Counters): Promise<Images> {
  const { rows } = await transaction.query<{
    org_id: string;
    kind: Kind;
    row_id: string;
    packed: PackedRow | null;
  }>(
    `with later as (
       select distinct on (e.org_id, e.row_id, e.kind) e.org_id, e.row_id, e.kind, e.before
       from unnest($1::uuid[], $2::bigint[]) as scope (org_id, counter)
       join audit e on e.org_id = scope.org_id
       join lateral (
         select c.counter from change_set c
         where c.org_id = e.org_id and c.xid = e.xid
         order by abs(extract(epoch from c.at - e.at)) limit 1
       ) s on s.counter > scope.counter
       order by e.org_id, e.row_id, e.kind, e.id
     )
     select org_id, kind, row_id, ${packedImage("before", "kind")} as packed from later`,
    [[...counters.keys()], [...counters.values()]],
  );
  const images = new Map<string, Map<string, { kind: Kind; row: ActualRow | null }>>();
  for (const { org_id, kind, row_id, packed } of rows) {
    const ofScope = images.get(org_id) ?? new Map();
    images.set(org_id, ofScope);
    ofScope.set(`${kind} ${row_id}`, { kind, row: unpackImage(kind, packed) });
  }
  return images;
}

function undo(now: Rows, images: Images extends ReadonlyMap<string, infer I> ? I | undefined : never): Rows {
  if (!images) return now;
  const then = new Map<Kind, ActualRow[]>();
  for (const [kind, rows] of now) {
    const kept = rows.filter(({ id }) => !images.has(`${kind} ${id}`));
    if (kept.length > 0) then.set(kind, kept);
  }
  for (const { kind, row } of images.values()) {
    if (row) then.set(kind, [...(then.get(kind) ?? []), row]);
  }
  return then;
}
