import { emailKey } from "../model/email-key.ts";
import type { OrgToRead } from "./read-decision-rows.ts";
import type { Transaction } from "./transaction.ts";

/** How far somebody has read: everything that was committed before is known to them. */
export interface ReadMark {
  /** Names this database's history; another epoch is another estate. */
  readonly epoch: string;
  readonly revision: number;
  /** The apply that made the revision; null where none did. */
  readonly applyId: string | null;
  /** The cluster and its timeline: another one may count its transactions otherwise. */
  readonly server: string;
  /** The first transaction that had not begun. */
  readonly next: string;
  /** From which transaction on everything has to be looked at. */
  readonly since: string;
  /** The transactions before that one that were under way. */
  readonly open: readonly string[];
}

/** What is asked for a mark; the row of `estate` is `e`. */
const markColumns = `
  e.epoch, e.revision::text, e.apply_id as "applyId",
  (select system_identifier::text from pg_control_system())
    || '/' || (select timeline_id from pg_control_checkpoint()) as server,
  pg_snapshot_xmax(pg_current_snapshot())::text as next,
  -- A replica does not list which transactions are under way: there, everything from the oldest on may be.
  case when pg_is_in_recovery() then pg_snapshot_xmin(pg_current_snapshot())
    else pg_snapshot_xmax(pg_current_snapshot()) end::text as since,
  array(select pg_snapshot_xip(pg_current_snapshot())::text) as open`;

/** Where the estate stands now, as this transaction sees it, and whether it came to be from where a mark was made. */
export async function readMark(
  transaction: Transaction,
  known: ReadMark | null,
): Promise<{ readonly mark: ReadMark; readonly continues: boolean }> {
  const { rows } = await transaction.query<Omit<ReadMark, "revision"> & Earlier & { revision: string }>(
    `select ${markColumns}, (select r.apply_id from revision r where r.revision = $1) as "earlierApply"
     from estate e`,
    [known?.revision ?? 0],
  );
  const [row] = rows;
  if (!row) throw new Error("tenantry.estate has lost its only row.");
  const { earlierApply, ...found } = row;
  const mark = { ...found, revision: Number(found.revision) };
  const isSameEstate = mark.epoch === known?.epoch && mark.server === known.server;
  // A server that is merely behind does not have the revision yet: that tells nothing.
  const hasSamePast = mark.revision < (known?.revision ?? 0) || earlierApply === known?.applyId;
  return { mark, continues: isSameEstate && hasSamePast };
}

interface Earlier {
  /** Which apply made the revision of the known mark, as this server has it. */
  readonly earlierApply: string | null;
}

/**
 * The orgs that were changed, made or taken away since a mark, by id, and under the nil uuid the catalog; each with its
 * counter as the last change left it. On a replica, what was known at the mark may be named again.
 *
 * Whatever moved a counter in a transaction that the mark did not see the end of. No cursor over numbers or times: these
 * are given before a commit, and a late one would be passed by. Numbers from a later time than now are another
 * server's, from before the database was restored here.
 */
export async function readChangesSince(
  transaction: Transaction,
  { since, open }: Pick<ReadMark, "since" | "open">,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await transaction.query<{ org_id: string; counter: string }>(
    `select org_id, max(counter)::text as counter from (
       select org_id, counter from change_set
       where xid >= $1::xid8 and xid < pg_snapshot_xmax(pg_current_snapshot())
       union all
       select org_id, counter from change_set where xid = any($2::xid8[]) and xid < $1::xid8
     ) changed group by org_id`,
    [since, open],
  );
  return new Map(rows.map(({ org_id, counter }) => [org_id, counter]));
}

/** The orgs that are there, by id or by slug; all of them, sorted by id, where nothing is said. */
export async function findOrgs(
  transaction: Transaction,
  wanted?: { readonly ids: readonly string[]; readonly slugs: readonly string[] },
): Promise<readonly OrgToRead[]> {
  const { rows } = await transaction.query<{ found: readonly [string, string][] | null }>(
    `select json_agg(json_build_array(org_id, slug) order by org_id) as found from org
     ${wanted ? "where org_id = any($1::uuid[]) or slug = any($2::text[])" : ""}`,
    wanted ? [wanted.ids, wanted.slugs] : [],
  );
  return (rows[0]?.found ?? []).map(([id, slug]) => ({ id, slug }));
}

/** The slugs of the orgs that somebody is a member of, by address in any case or by user id; sorted. */
export async function findOrgsOfUser(transaction: Transaction, user: string): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ slug: string }>(
    `select o.slug from member m join org o using (org_id) where m.user_id = $1 or m.email_key = $2
     order by o.slug collate "C"`,
    [user, emailKey(user)],
  );
  return rows.map(({ slug }) => slug);
}
