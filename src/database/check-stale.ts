import type { Plan } from "../plan/plan.ts";
import { PlanStale } from "./database-error.ts";
import { type Conflict, findConflicts } from "./find-conflicts.ts";
import { findMoved } from "./find-moved.ts";
import type { Transaction } from "./transaction.ts";

/** So many rows are named; who must make the plan again learns no more from the others. */
const shown = 20;

/**
 * Throws `PlanStale` where a row that the plan rests on was changed since, naming row, writer and time. What is
 * not yet committed is not seen: that is certain only under the locks of `takeBooks`.
 */
export async function checkStale(transaction: Transaction, plan: Plan): Promise<void> {
  const moved = await findMoved(transaction, plan);
  if (moved.length === 0) return;
  const conflicts = await findConflicts(transaction, plan, moved);
  if (conflicts.length === 0) return;
  const lines = conflicts.slice(0, shown).map(conflictText);
  if (conflicts.length > shown) lines.push(`and ${conflicts.length - shown} more`);
  throw new PlanStale(
    `Changed since the plan was made:\n${lines.join("\n")}\nMake the plan again.`,
    conflicts.map(({ address }) => address),
  );
}

function conflictText({ address, by: { login, application, actor, at } }: Conflict): string {
  const writer = [application, `role ${login}`, actor && `for ${actor}`, at].filter(Boolean).join(", ");
  return `${address} by ${writer}`;
}
