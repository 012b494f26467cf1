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
     -- Where an apply wrote the same row later, it had seen this, even if the counter was not noted.
     and not exists (
       select from audit own join change_set s on s.org_id = own.org_id and s.xid = own.xid
       where own.org_id = e.org_id and own.row_id = e.row_id and own.id > e.id and s.revision is not null
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

/** Up to which counter an apply knew each org; of those only where something came later. */
async function readSeen(transaction: Transaction, orgIds: readonly string[]): Promise<readonly SeenRow[]> {
  const { rows } = await transaction.query<SeenRow>(
    `select org_id, applied_counter as counter from org_books
     where org_id = any($1) and applied_counter <> 0 and change_counter <> applied_counter`,
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
