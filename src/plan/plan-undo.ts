import { addressOf } from "../model/address.ts";
import type { ActualState } from "../model/state.ts";
import { findStranded } from "./find-stranded.ts";
import { findUndoneOrgs } from "./find-undone-orgs.ts";
import { findUses } from "./find-uses.ts";
import type { MadePlan, PlannedScope } from "./make-plan.ts";
import type { Finding } from "./plan.ts";
import { planBetween } from "./plan-between.ts";
import { type RevisedRow, type UndoConflict, undoState } from "./undo-rows.ts";

/** A plan that takes something back, and the state that it leads to. */
export interface UndoPlan extends MadePlan {
  readonly after: ActualState;
}

/**
 * The plan that takes back what a revision did to rows, and leaves every other row and field as it is. Rows that
 * it had deleted come back with their ids, their origin and their ledger. Where something else changed the same
 * since, the plan says `revert-conflict`; where rows would be left without what they refer to, `still-used`.
 */
export function planUndo(actual: ActualState, rows: readonly RevisedRow[], now: string): UndoPlan {
  const { state: after, conflicts } = undoState(actual, rows);
  const made = planBetween(actual, after, {
    now,
    findings: (planned) => [
      ...conflictsIn(planned, conflicts),
      // What would go away cannot be taken from who holds it, as manifests can: that came later, and is not undone.
      ...findUses(planned).map((finding) => ({ ...finding, canPass: false })),
      ...findStranded(planned, after),
      ...findUndoneOrgs(planned),
    ],
  });
  return { ...made, after };
}

function conflictsIn(planned: readonly PlannedScope[], conflicts: readonly UndoConflict[]): Finding[] {
  if (conflicts.length === 0) return [];
  const addresses = new Map(
    planned.flatMap(({ org, matched }) =>
      matched.pairs.map(({ kind, id, key }) => [`${kind} ${id}`, addressOf(org, kind, key)] as const),
    ),
  );
  return conflicts.map(({ history, message }) => {
    const subject = addresses.get(`${history.kind} ${history.id}`) ?? history.id;
    const help = `To lose what was written since: --allow revert-conflict:${subject}.`;
    return { code: "revert-conflict", subject, message, help, canPass: true, at: null };
  });
}
