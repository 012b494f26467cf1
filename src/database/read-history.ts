import type { Kind } from "../model/kinds.ts";
import { catalogId } from "../model/state.ts";
import { canonicalTime } from "../model/value.ts";
import type { RevisedRow } from "../plan/undo-rows.ts";
import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";
import { packedImage, unpackImage } from "./packed-image.ts";
import type { PackedRow } from "./read-rows.ts";
import type { ChangeCounts } from "./record-revision.ts";

/** One apply, as the database remembers it. */
export interface Revision {
  readonly revision: number;
  /** When it was made, in canonical form. */
  readonly at: string;
  /** For whom, as the applier said. */
  readonly actor: string;
  readonly commit: string | null;
  /** The first line of the commit's message. */
  readonly title: string | null;
  readonly applyId: string;
  readonly counts: ChangeCounts;
  /** How many orgs it changed, the catalog apart. */
  readonly orgs: number;
}

export interface HistoryOptions {
  /** The newest so many. */
  readonly limit?: number;
  /** That one alone. */
  readonly revision?: number;
}

/** The revisions of the estate, newest first. */
export async function readHistory(database: Database, options: HistoryOptions = {}): Promise<Revision[]> {
  const { limit = null, revision = null } = options;
  return inTransaction(database, "apply", { readOnly: true }, async (transaction) => {
    const { rows } = await transaction.query<Omit<Revision, "revision"> & { revision: string }>(
      `select r.revision, to_json(r.at) as at, r.actor, r."commit", r.title, r.apply_id as "applyId", r.counts,
         (select count(*)::int from change_set c where c.revision = r.revision and c.org_id <> $3) as orgs
       from revision r
       where $2::bigint is null or r.revision = $2
       order by r.revision desc limit $1`,
      [limit, revision, catalogId],
    );
    return rows.map((row) => ({ ...row, revision: Number(row.revision), at: canonicalTime(row.at) }));
  });
}

/** Every row that a revision changed: as it was before the first, and after the last of its changes. */
export async function readRevisionRows(database: Database, revision: number): Promise<RevisedRow[]> {
  return inTransaction(database, "apply", { readOnly: true }, async (transaction) => {
    const { rows } = await transaction.query<PackedHistory>(
      `with events as materialized (
         select org_id, slug, kind, row_id, event, before, after from timeline
         where revision = $1 and org_id in (select c.org_id from change_set c where c.revision = $1)
       ), histories as (
         select distinct on (org_id, kind, row_id) org_id, slug, kind, row_id,
           first_value(before) over each_row as before, last_value(after) over each_row as after
         from events
         window each_row as (
           partition by org_id, kind, row_id order by event
           rows between unbounded preceding and unbounded following
         )
       )
       select org_id, slug, kind, row_id, ${packedImage("before", "kind")} as before,
         ${packedImage("after", "kind")} as after
       from histories`,
      [revision],
    );
    return rows.map(({ org_id, slug, kind, row_id, before, after }) => ({
      orgId: org_id,
      org: slug,
      kind,
      id: row_id,
      before: unpackImage(kind, before),
      after: unpackImage(kind, after),
    }));
  });
}

interface PackedHistory {
  readonly org_id: string;
  readonly slug: string | null;
  readonly kind: Kind;
  readonly row_id: string;
  readonly before: PackedRow | null;
  readonly after: PackedRow | null;
}

/** The counters of orgs that may be gone: what an org that comes back goes on from. */
export async function readCounters(
  database: Database,
  orgIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return inTransaction(database, "apply", { readOnly: true }, async ({ kysely }) => {
    if (orgIds.length === 0) return new Map();
    const rows = await kysely
      .selectFrom("org_books")
      .select(["org_id", "change_counter"])
      .where("org_id", "in", orgIds)
      .execute();
    return new Map(rows.map(({ org_id, change_counter }) => [org_id, Number(change_counter)]));
  });
}
