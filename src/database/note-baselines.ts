import { catalogId } from "../model/state.ts";
import type { Baseline } from "../plan/baseline.ts";
import type { Plan } from "../plan/plan.ts";
import type { Transaction } from "./transaction.ts";
import { writeSources } from "./write-sources.ts";
import type { Step } from "./writing.ts";

/** What the noted sources are from. */
export interface BaselineOrigin {
  readonly revision: number;
  readonly commit?: string | undefined;
}

/**
 * Notes in the books what was applied, under the locks of `takeBooks` and after `closeBooks`. A scope's books then
 * say: "as of `applied_counter` the rows are what the sources of `source_digest` come to".
 *
 * - Looked at, and moved by nobody else: that is so now. The counter is the plan's base, and one more where
 *   this transaction moved it.
 * - Looked at, and moved by somebody else in between (what he changed does not touch the plan): nobody has
 *   compared what is there now. To call the present counter applied would hide his change for ever, so the
 *   books go no further than the plan saw, and the two counters differ until a plan has looked. They never
 *   go back either: another apply may have accounted for more than this plan saw. Where this transaction
 *   wrote too, the digest is taken away: the rows are of two minds.
 * - Written without having been looked at, as by a revert: the manifests say something else, so that the digest is
 *   taken away. The counter follows only where it was up to date, and else the drift stays to be seen.
 */
export async function noteBaselines(
  transaction: Transaction,
  plan: Plan,
  origin: BaselineOrigin,
  step: Step,
): Promise<void> {
  const looked = new Map(plan.baselines.map((baseline) => [baseline.orgId, baseline]));
  await step("note baselines");
  const settled = await noteLooked(transaction, plan, [...looked.values()]);
  await step("note closure");
  await noteClosure(transaction, plan, looked.get(catalogId));
  const blind = plan.scopes.map(({ orgId }) => orgId).filter((orgId) => !looked.has(orgId));
  if (blind.length > 0) {
    await step("note unseen");
    await noteWritten(transaction, plan, blind);
  }
  const sources = plan.baselines.filter(({ orgId, sources }) => sources !== null && settled.has(orgId));
  await writeSources(transaction, sources, origin, step);
}

/** Returns the scopes of which it is certain now what they hold. */
async function noteLooked(
  transaction: Transaction,
  plan: Plan,
  baselines: readonly Baseline[],
): Promise<ReadonlySet<string>> {
  if (baselines.length === 0) return new Set();
  const { rows } = await transaction.query<{ id: string }>(
    `with looked as (
       select l.*, b.xid is not distinct from pg_current_xact_id() as is_own,
         b.change_counter - (b.xid is not distinct from pg_current_xact_id())::int = coalesce(l.base, 0) as is_settled
       from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[])
         as l (org_id, base, source_digest, desired_digest, next_due)
       join org_books b using (org_id)
     ), noted as (
       update org_books b set
         applied_counter = case when l.is_settled then b.change_counter
           else greatest(b.applied_counter, l.base) end,
         source_digest = case when l.is_settled then l.source_digest
           when not l.is_own then b.source_digest end,
         desired_digest = case when l.is_settled and b.org_id <> $6::uuid then l.desired_digest
           else b.desired_digest end,
         next_due = case when l.is_settled then l.next_due else b.next_due end
       from looked l
       where b.org_id = l.org_id
         and (l.is_own or not l.is_settled or b.applied_counter <> b.change_counter
           or (b.source_digest, b.desired_digest, b.next_due)
             is distinct from (l.source_digest, l.desired_digest, l.next_due))
     )
     select org_id as id from looked where is_settled`,
    [
      baselines.map(({ orgId }) => orgId),
      baselines.map(({ orgId }) => plan.base.counters.get(orgId) ?? null),
      baselines.map(({ sourceDigest }) => sourceDigest),
      baselines.map(({ desiredDigest }) => desiredDigest),
      baselines.map(({ nextDue }) => nextDue),
      catalogId,
    ],
    baselines.map(({ orgId }) => ({ id: orgId })),
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Every org's books rest on the closure that the catalog's name: of a catalog as it was, the org's sources came
 * to what they came to. A plan looks only at those that its own closure changes, among the sources that it saw.
 * Where another apply noted orgs meanwhile by another closure, nobody has resolved those with this one: then no
 * closure is named, and the next plan resolves all of them again.
 */
async function noteClosure(
  transaction: Transaction,
  plan: Plan,
  catalog: Baseline | undefined,
): Promise<void> {
  if (plan.baselines.length === 0) return;
  const { rows } = await transaction.query<{ isAlone: boolean }>(
    `update estate set noted = noted + 1 returning noted - 1 is not distinct from $1::bigint as "isAlone"`,
    [plan.base.noted ?? null],
    [{ isAlone: plan.base.noted !== undefined }],
  );
  if (catalog === undefined) return;
  await transaction.query(
    `update org_books set
       desired_digest = case when $3::boolean or desired_digest = $2::text then $2::text end,
       source_digest = case when $3::boolean or desired_digest = $2::text then source_digest end
     where org_id = $1::uuid`,
    [catalogId, catalog.desiredDigest, rows[0]?.isAlone ?? false],
  );
}

/** An org that the plan makes had no counter, and has nothing that could be hidden. */
async function noteWritten(transaction: Transaction, plan: Plan, orgIds: readonly string[]): Promise<void> {
  await transaction.query(
    `update org_books b set
       source_digest = null,
       applied_counter = case
         when w.base is null or (b.change_counter = w.base + 1 and b.applied_counter = w.base) then b.change_counter
         else b.applied_counter end
     from unnest($1::uuid[], $2::bigint[]) as w (org_id, base)
     where b.org_id = w.org_id`,
    [orgIds, orgIds.map((orgId) => plan.base.counters.get(orgId) ?? null)],
  );
}
