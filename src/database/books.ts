import type { Plan } from "../plan/plan.ts";
import { PlanStale } from "./database-error.ts";
import type { Transaction } from "./transaction.ts";

/** Compares the counters of everything that the plan was made from. Throws `PlanStale`, with who wrote when. */
export async function checkBooks(transaction: Transaction, plan: Plan): Promise<void> {
  await compare(transaction, plan, "");
}

/**
 * Locks the books of everything that the plan was made from, and compares them once more: from here on no
 * other writer moves them. In the order of ids, all at once and before one's own are moved, because every
 * writer moves its books in that order: so nobody waits for somebody who waits for him.
 */
export async function takeBooks(transaction: Transaction, plan: Plan): Promise<void> {
  await compare(transaction, plan, "order by org_id for no key update");
}

/** Checks what was deferred, and moves the counters of the orgs that were written, now rather than at COMMIT. */
export async function closeBooks(transaction: Transaction): Promise<void> {
  await transaction.query("set constraints all immediate");
}

/** Notes that what the books say now is what was applied, and tells those who listen on the schema's channel. */
export async function baseline(transaction: Transaction, plan: Plan): Promise<void> {
  await transaction.query(
    `update org_books set applied_counter = change_counter
     where org_id = any($1) and applied_counter <> change_counter`,
    [[...basesOf(plan).keys()]],
  );
  await transaction.query("select pg_notify(current_schema, (select revision::text from estate))");
}

async function compare(transaction: Transaction, plan: Plan, locking: string): Promise<void> {
  const bases = basesOf(plan);
  const { rows } = await transaction.query<StaleOrg>(
    `with base as (
       select * from unnest($1::uuid[], $2::bigint[]) as base (org_id, counter)
     ), held as (
       select org_id, change_counter from org_books
       where org_id in (select org_id from base) ${locking}
     ), stale as (
       select base.org_id, base.counter
       from base left join held using (org_id)
       where base.counter <> coalesce(held.change_counter, 0)
     )
     select stale.org_id as id, o.slug, c.login, c.application, c.actor,
       to_char(c.at, 'YYYY-MM-DD HH24:MI:SS"Z"') as at
     from stale
     left join org o using (org_id)
     left join lateral (
       select * from change_set c
       where c.org_id = stale.org_id and c.counter > stale.counter
       order by c.counter desc limit 1
     ) c on true
     order by o.slug nulls first
     limit 20`,
    [[...bases.keys()], [...bases.values()]],
  );
  if (rows.length > 0) throw stale(rows, plan);
}

/** The counters that the plan was made from; an org that it makes had none. */
function basesOf(plan: Plan): ReadonlyMap<string, number> {
  const bases = new Map(plan.base.counters);
  for (const { orgId } of plan.scopes) if (!bases.has(orgId)) bases.set(orgId, 0);
  return bases;
}

interface StaleOrg {
  readonly id: string;
  readonly slug: string | null;
  readonly login: string | null;
  readonly application: string | null;
  readonly actor: string | null;
  readonly at: string | null;
}

function stale(orgs: readonly StaleOrg[], plan: Plan): PlanStale {
  const named = orgs.map((org) => ({
    ...org,
    name: org.slug ?? plan.scopes.find(({ orgId }) => orgId === org.id)?.org ?? "catalog",
  }));
  const lines = named.map(({ name, login, application, actor, at }) => {
    const writer = [application, `role ${login}`, actor && `for ${actor}`, at].filter(Boolean).join(", ");
    return `${name}${login === null ? "" : ` by ${writer}`}`;
  });
  return new PlanStale(
    `Changed since the plan was made:\n${lines.join("\n")}\nMake the plan again.`,
    named.map(({ name }) => name),
  );
}
