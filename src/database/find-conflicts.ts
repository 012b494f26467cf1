import { countedKinds as kindsByWord } from "../decision/over-limits.ts";
import type { Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { Writer } from "../model/state.ts";
import { type CountedKinds, countedKinds } from "../plan/counted-kinds.ts";
import type { Plan } from "../plan/plan.ts";
import type { MovedScope } from "./find-moved.ts";
import { readLiveRows } from "./read-live-rows.ts";
import { type JsonRow, type Reliance, relianceOf } from "./reliance.ts";
import { namesOfRows } from "./row-address.ts";
import type { Transaction } from "./transaction.ts";

/** A row that the plan rests on and somebody else changed since. */
export interface Conflict {
  readonly address: string;
  readonly by: Writer;
}

/**
 * What others wrote to the moved scopes since the plan was made, as far as the plan rests on it: rows that it
 * writes or comes to refer to, names that it takes, what refers to rows that it removes, and whatever its brakes
 * counted. Everything else that was changed may stay as it is, and so may the plan.
 */
export async function findConflicts(
  transaction: Transaction,
  plan: Plan,
  moved: readonly MovedScope[],
): Promise<readonly Conflict[]> {
  const counted = countedKinds(plan, await limitedKinds(transaction));
  const reliance = relianceOf(plan);
  const events = await readEvents(transaction, moved, kindsToLookAt(moved, counted, reliance), reliance);
  if (events.length === 0) return [];
  const live = await readLiveRows(transaction, events);
  const conflicting = events.filter(({ orgId, kind, rowId, before }) => {
    if (reliance.ids.has(rowId) || counted.get(orgId)?.has(kind)) return true;
    // One that came and went again: somebody decided about that name since.
    const row = live.get(rowId) ?? before;
    return row !== null && reliance.isInTheWay(orgId, kind, row);
  });
  const rows = conflicting.map(({ orgId, kind, rowId, before }) => {
    return { orgId, kind, rowId, row: live.get(rowId) ?? before ?? {} };
  });
  const names = await namesOfRows(transaction, plan, rows);
  return conflicting.map(({ by }, index) => ({ address: names[index] as string, by }));
}

/** The kinds that limits count in this catalog. */
async function limitedKinds(transaction: Transaction): Promise<ReadonlySet<Kind>> {
  const { rows } = await transaction.query<{ counts: string }>(
    "select distinct counts from feature where type = 'limit' and counts is not null",
  );
  return new Set(rows.flatMap(({ counts }) => kindsByWord.get(counts) ?? []));
}

function kindsToLookAt(
  moved: readonly MovedScope[],
  counted: CountedKinds,
  { kinds }: Reliance,
): readonly (readonly [orgId: string, kind: Kind])[] {
  return moved.flatMap(({ orgId }) => {
    const wanted = new Set([...(counted.get(orgId) ?? []), ...(kinds.get(orgId) ?? [])]);
    return [...wanted].map((kind) => [orgId, kind] as const);
  });
}

/** The last change of a row by somebody else. */
export interface Event {
  readonly orgId: string;
  readonly kind: Kind;
  readonly rowId: string;
  readonly before: JsonRow | null;
  readonly by: Writer;
}

/**
 * One event a row, the last, by scope and from parents to children. The plan's own transaction is not among
 * them: it has no change set before it moves the books.
 */
async function readEvents(
  transaction: Transaction,
  moved: readonly MovedScope[],
  pairs: readonly (readonly [orgId: string, kind: Kind])[],
  { ids }: Reliance,
): Promise<readonly Event[]> {
  const { rows } = await transaction.query<EventRow>(
    `select distinct on (a.org_id, a.kind, a.row_id)
       a.org_id as "orgId", a.kind, a.row_id as "rowId", a.before, c.login, c.application, c.actor,
       to_char(c.at, 'YYYY-MM-DD HH24:MI:SS"Z"') as at
     from unnest($1::uuid[], $2::bigint[]) as m (org_id, base)
     join change_set c on c.org_id = m.org_id and c.counter > m.base
     join audit a on a.org_id = c.org_id and a.xid = c.xid
     where a.row_id = any($3::uuid[])
       or (a.org_id, a.kind) in (select * from unnest($4::uuid[], $5::text[]))
     order by a.org_id, a.kind, a.row_id, c.counter desc, a.id desc`,
    [
      moved.map(({ orgId }) => orgId),
      moved.map(({ base }) => base),
      [...ids],
      pairs.map(([orgId]) => orgId),
      pairs.map(([, kind]) => kind),
    ],
  );
  return rows
    .map(({ orgId, kind, rowId, before, ...by }) => ({ orgId, kind, rowId, before, by }))
    .sort((a, b) => kindsInOrder.indexOf(a.kind) - kindsInOrder.indexOf(b.kind));
}

interface EventRow extends Omit<Event, "by">, Writer {}
