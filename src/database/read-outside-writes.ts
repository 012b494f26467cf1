import type { Kind } from "../model/kinds.ts";
import type { OutsideWrite } from "../model/state.ts";
import { canonicalTime } from "../model/value.ts";
import { packedImage, unpackImage } from "./packed-image.ts";
import type { PackedRow } from "./read-rows.ts";
import type { Transaction } from "./transaction.ts";

/**
 * What something other than an apply wrote to some orgs, or to the catalog under its nil uuid, and no apply
 * of them has seen; oldest first, by org. An org that was never applied has nothing to drift from, and is left out.
 */
export async function readOutsideWrites(
  transaction: Transaction,
  orgIds: readonly string[],
): Promise<ReadonlyMap<string, readonly OutsideWrite[]>> {
  const seen = await readSeen(transaction, orgIds);
  if (seen.length === 0) return new Map();
  const { rows } = await transaction.query<WriteRow>(
    `select e.org_id, e.kind, e.row_id, e.action, e.login, e.application, e.actor, e.at::text as at,
       ${packedImage("e.before", "e.kind")} as packed
     from unnest($1::uuid[], $2::bigint[]) as seen (org_id, counter)
     join change_set c on c.org_id = seen.org_id and c.counter > seen.counter and c.revision is null
     join audit e on e.org_id = c.org_id and e.xid = c.xid
     -- Transactions have numbers of their own, but a restored database counts them anew: then the nearest is meant.
     where c.counter = (
       select near.counter from change_set near
       where near.org_id = e.org_id and near.xid = e.xid
       order by abs(extract(epoch from near.at - e.at)) limit 1
     )
     order by c.counter, e.id`,
    [seen.map(({ org_id }) => org_id), seen.map(({ counter }) => counter)],
  );
  const writes = new Map<string, OutsideWrite[]>(seen.map(({ org_id }) => [org_id, []]));
  for (const row of rows) writes.get(row.org_id)?.push(outsideWrite(row));
  return writes;
}

interface SeenRow {
  readonly org_id: string;
  readonly counter: string;
}

/**
 * Up to which counter the last apply knew each org; of those only where something came later. Where others
 * wrote while that apply was under way, its own step stands past the counter that it noted, and counts in it.
 */
async function readSeen(transaction: Transaction, orgIds: readonly string[]): Promise<readonly SeenRow[]> {
  const { rows } = await transaction.query<SeenRow>(
    `select b.org_id, b.applied_counter - (exists (
       select from change_set own
       where own.org_id = b.org_id and own.counter > b.applied_counter and own.revision is not null
     ))::int as counter
     from org_books b
     where b.org_id = any($1) and b.applied_counter <> 0 and b.change_counter <> b.applied_counter`,
    [orgIds],
  );
  return rows;
}

interface WriteRow {
  readonly org_id: string;
  readonly kind: Kind;
  readonly row_id: string;
  readonly action: OutsideWrite["action"];
  readonly login: string;
  readonly application: string | null;
  readonly actor: string | null;
  readonly at: string;
  readonly packed: PackedRow | null;
}

function outsideWrite({ kind, row_id, action, packed, ...by }: WriteRow): OutsideWrite {
  const { login, application, actor, at } = by;
  return {
    kind,
    rowId: row_id,
    action,
    before: unpackImage(kind, packed),
    by: { login, application, actor, at: canonicalTime(at) },
  };
}
