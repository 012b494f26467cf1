import type { Plan } from "../plan/plan.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Locks the books of everything that the plan read or writes: from here on no other writer moves them. In the
 * order of ids, all at once and before one's own are moved, because every writer moves its books in that
 * order: so nobody waits for somebody who waits for him. What was committed before is seen by the statements
 * after this one, and not by this one itself, whose snapshot is older than its waiting.
 */
export async function takeBooks(transaction: Transaction, plan: Plan): Promise<void> {
  const read = [...plan.base.counters.keys()];
  await transaction.query(
    `insert into org_books (org_id)
     select org_id from unnest($1::uuid[]) as read (org_id)
     where not exists (select from org_books b where b.org_id = read.org_id)
     order by org_id on conflict do nothing`,
    [read],
  );
  const all = new Set([...read, ...plan.scopes.map(({ orgId }) => orgId)]);
  await transaction.query(
    `with held as (
       select from org_books where org_id = any($1::uuid[]) order by org_id for no key update
     )
     select count(*) from held`,
    [[...all]],
  );
}

/** Checks what was deferred, and moves the counters of the orgs that were written, now rather than at COMMIT. */
export async function closeBooks(transaction: Transaction): Promise<void> {
  await transaction.query("set constraints all immediate");
}

/** Tells those who listen on the schema's channel of the revision. */
export async function tellListeners(transaction: Transaction): Promise<void> {
  await transaction.query("select pg_notify(current_schema, (select revision::text from estate))");
}
