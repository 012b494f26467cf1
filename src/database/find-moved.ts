import type { Plan } from "../plan/plan.ts";
import { PlanStale } from "./database-error.ts";
import type { Transaction } from "./transaction.ts";

/** A scope that somebody else wrote to since the plan was made. */
export interface MovedScope {
  readonly orgId: string;
  /** Its counter as the plan saw it, and now. */
  readonly base: number;
  readonly now: number;
}

/**
 * The scopes of a plan whose counters are no more as the plan saw them. An equal counter means that nothing
 * changed, whoever writes. Throws `PlanStale` where it cannot be told any more what did.
 */
export async function findMoved(transaction: Transaction, plan: Plan): Promise<readonly MovedScope[]> {
  const { rows } = await transaction.query<MovedRow>(
    `select base.org_id as id, base.counter, coalesce(b.change_counter, 0) as now, coalesce(o.slug, 'catalog') as name
     from unnest($1::uuid[], $2::bigint[]) as base (org_id, counter)
     left join org_books b using (org_id)
     left join org o using (org_id)
     where base.counter <> coalesce(b.change_counter, 0)`,
    [[...plan.base.counters.keys()], [...plan.base.counters.values()]],
  );
  if (rows.length === 0) return [];
  const moved = rows.map(({ id, counter, now }) => ({ orgId: id, base: Number(counter), now: Number(now) }));
  const back = rows.filter((_, index) => isBehind(moved[index]));
  if (back.length > 0) throw lost(back, "has fewer changes than the plan saw: the database was put back");
  const gaps = await findGaps(transaction, moved);
  const unknown = rows.filter(({ id }) => gaps.has(id));
  if (unknown.length > 0) throw lost(unknown, "changed, and what did is no longer in the audit");
  return moved;
}

interface MovedRow {
  readonly id: string;
  readonly counter: string;
  readonly now: string;
  readonly name: string;
}

function isBehind(scope: MovedScope | undefined): boolean {
  return scope !== undefined && scope.now < scope.base;
}

/**
 * The scopes whose history since the plan has holes: a counter without its change set, or a change set without
 * an event. Retention leaves such holes, and a plan older than them cannot be checked row by row.
 */
async function findGaps(
  transaction: Transaction,
  moved: readonly MovedScope[],
): Promise<ReadonlySet<string>> {
  const { rows } = await transaction.query<{ id: string }>(
    `select m.org_id as id
     from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as m (org_id, base, now)
     where m.now - m.base <> (
       select count(*) from change_set c
       where c.org_id = m.org_id and c.counter > m.base and c.counter <= m.now
         and exists (select from audit a where a.org_id = c.org_id and a.xid = c.xid)
     )`,
    [moved.map(({ orgId }) => orgId), moved.map(({ base }) => base), moved.map(({ now }) => now)],
  );
  return new Set(rows.map(({ id }) => id));
}

function lost(scopes: readonly MovedRow[], why: string): PlanStale {
  const names = scopes.map(({ name }) => name);
  const more = names.length > 20 ? [`and ${names.length - 20} more`] : [];
  const lines = [...names.slice(0, 20).map((name) => `${name} ${why}`), ...more];
  return new PlanStale(
    `The plan is too old to be checked:\n${lines.join("\n")}\nMake the plan again.`,
    names,
  );
}
