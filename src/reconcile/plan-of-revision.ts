import type { Database } from "../database/connect.ts";
import { readActualAt } from "../database/read-actual-at.ts";
import { type Revision, readHistory, readRevisionRows } from "../database/read-history.ts";
import type { Plan } from "../plan/plan.ts";
import { planBetween } from "../plan/plan-between.ts";
import { undoState } from "../plan/undo-rows.ts";
import { withGoneOrgs } from "./plan-revert.ts";

/** What a revision changed, as the plan that would do the same; null where there is no such revision. */
export async function planOfRevision(
  database: Database,
  number: number,
): Promise<{ readonly revision: Revision; readonly plan: Plan } | null> {
  const [revision] = await readHistory(database, { revision: number });
  if (!revision) return null;
  const rows = await readRevisionRows(database, number);
  const orgIds = [...new Set(rows.map(({ orgId }) => orgId))];
  const found = await readActualAt(database, number, { orgIds });
  if (!found) return null;
  const after = await withGoneOrgs(database, found, rows);
  const { plan } = planBetween(undoState(after, rows).state, after, { now: revision.at });
  return { revision, plan };
}
