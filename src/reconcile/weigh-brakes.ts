import { countOrgRows } from "../database/count-org-rows.ts";
import type { Books } from "../database/read-books.ts";
import type { Transaction } from "../database/transaction.ts";
import type { PlannedScope } from "../plan/make-plan.ts";
import { countRemovals, fewestRemovals, weighRemovals } from "../plan/max-removals.ts";
import type { Finding, Headroom, Note } from "../plan/plan.ts";
import { statesOf } from "../plan/scope-states.ts";
import { brakesOf } from "./brakes.ts";
import { readOthers } from "./read-others.ts";

export interface BrakedPlan {
  /** The catalog first, then the orgs that were looked at. */
  readonly planned: readonly PlannedScope[];
  /** The orgs that were not: a change of the catalog may reach them all the same. */
  readonly others: readonly Books[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface WeighedBrakes {
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
  readonly headroom: readonly Headroom[];
}

/** What stops a plan because of what the database will hold, and because of how much it removes. */
export async function weighBrakes(
  transaction: Transaction,
  { planned, others, now }: BrakedPlan,
): Promise<WeighedBrakes> {
  const [catalog, ...orgs] = planned as readonly [PlannedScope, ...PlannedScope[]];
  const brakes = brakesOf(catalog, now);
  for (const scope of orgs) {
    // Where nothing changes, nothing is made worse.
    if (scope.changes.length === 0 && brakes.kinds.size === 0) continue;
    const { before, after } = statesOf(scope, catalog);
    brakes.judge({ slug: scope.org ?? "", before, after, changes: scope.changes });
  }
  for await (const { slug, resources } of readOthers(transaction, { others, kinds: brakes.kinds, catalog }))
    brakes.judge({ slug, before: resources, after: resources, changes: [] });
  const isMany = countRemovals(planned) >= fewestRemovals;
  const removals = weighRemovals(planned, isMany ? await countOrgRows(transaction) : null);
  const judged = brakes.result();
  return {
    findings: [...judged.findings, ...removals.findings],
    notes: judged.notes,
    headroom: removals.headroom,
  };
}
