import type { Kind } from "../model/kinds.ts";
import { type ActualRow, catalogId, type Writer } from "../model/state.ts";
import { canonicalTime } from "../model/value.ts";
import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";
import { packedImage, unpackImage } from "./packed-image.ts";
import type { PackedRow } from "./read-rows.ts";

/** One change of one row, by whomever. */
export interface TimelineEvent {
  readonly orgId: string;
  /** What the org is called now, or was when it went; null is the catalog. */
  readonly org: string | null;
  /** The changes of one row follow each other by it. */
  readonly event: number;
  readonly kind: Kind;
  readonly id: string;
  readonly before: ActualRow | null;
  readonly after: ActualRow | null;
  /** What the rows are called that it refers to, by their ids. */
  readonly names: ReadonlyMap<string, string>;
  readonly by: Writer;
  /** The org's counter as the transaction left it: what has the same was one transaction. */
  readonly counter: number;
  /** The apply that made it; null for every other writer. */
  readonly revision: number | null;
  readonly commit: string | null;
  readonly title: string | null;
}

export interface TimelineQuery {
  /** An org by its slug, by one that it had before, or by its id; `catalog` is the catalog. */
  readonly org: string;
  /** From when on, in canonical form. */
  readonly since?: string;
  readonly kinds?: readonly Kind[];
  /** The newest so many. */
  readonly limit: number;
}

/** What happened in an org, newest first, in one query of the view `timeline`. Empty also where there is no such org. */
export async function readTimeline(database: Database, query: TimelineQuery): Promise<TimelineEvent[]> {
  return inTransaction(database, "apply", { readOnly: true }, async (transaction) => {
    const { rows } = await transaction.query<PackedEvent>(
      `with events as materialized (
         select * from timeline
         where org_id = (${orgNamed}) and at >= $2 and ($3::text[] is null or kind = any($3))
         order by event desc limit $4
       )
       select org_id, slug, event, kind, row_id, names, counter, revision, "commit", title,
         login, application, actor, to_json(at) as at,
         ${packedImage("before", "kind")} as before, ${packedImage("after", "kind")} as after
       from events order by event desc`,
      [query.org, query.since ?? "-infinity", query.kinds ?? null, query.limit],
    );
    return rows.map(unpackEvent);
  });
}

/** Whether there is, or ever was, an org of that name, and what others were called. */
export async function findOrgEver(
  database: Database,
  org: string,
): Promise<{ readonly orgId: string | null; readonly slugs: readonly string[] }> {
  return inTransaction(database, "apply", { readOnly: true }, async (transaction) => {
    const found = await transaction.query<{ org_id: string | null }>(`select (${orgNamed}) as org_id`, [org]);
    const orgId = found.rows[0]?.org_id ?? null;
    if (orgId !== null) return { orgId, slugs: [] };
    const { rows } = await transaction.query<{ slug: string }>(
      "select slug from org union select before ->> 'slug' from audit where kind = 'org' and before is not null",
    );
    return { orgId, slugs: rows.map(({ slug }) => slug) };
  });
}

/** The slug that an org has goes before one that another had. */
export const orgNamed = `
  select org_id from (
    select '${catalogId}'::uuid as org_id, 0 as rank, null::bigint as event where $1 = 'catalog'
    union all select org_id, 1, null from org where slug = $1
    union all select org_id, 2, null from org_books where org_id::text = $1
    union all select org_id, 3, id from audit where kind = 'org' and before ->> 'slug' = $1
  ) named
  order by rank, event desc limit 1`;

interface PackedEvent {
  readonly org_id: string;
  readonly slug: string | null;
  readonly event: string;
  readonly kind: Kind;
  readonly row_id: string;
  readonly names: { readonly [id: string]: string } | null;
  readonly counter: string;
  readonly revision: string | null;
  readonly commit: string | null;
  readonly title: string | null;
  readonly login: string;
  readonly application: string | null;
  readonly actor: string | null;
  readonly at: string;
  readonly before: PackedRow | null;
  readonly after: PackedRow | null;
}

function unpackEvent(row: PackedEvent): TimelineEvent {
  const { login, application, actor, kind, commit, title } = row;
  return {
    orgId: row.org_id,
    org: row.slug,
    event: Number(row.event),
    kind,
    id: row.row_id,
    before: unpackImage(kind, row.before),
    after: unpackImage(kind, row.after),
    names: new Map(Object.entries(row.names ?? {})),
    by: { login, application, actor, at: canonicalTime(row.at) },
    counter: Number(row.counter),
    revision: row.revision === null ? null : Number(row.revision),
    commit,
    title,
  };
}
