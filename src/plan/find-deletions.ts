import type { Value } from "../model/value.ts";
import type { PlannedScope } from "./make-plan.ts";
import { noWayRound, orPassOnce } from "./pass-once.ts";
import type { Finding } from "./plan.ts";

/**
 * Orgs that would be archived or deleted although the database says that they are protected, or deleted although they were
 * never archived. What counts is the protection from before the plan, so that taking it away takes an apply of its own.
 */
export function findDeletions(scopes: readonly PlannedScope[]): Finding[] {
  return scopes.flatMap(({ org, matched, changes }): Finding[] => {
    const change = changes.find(({ kind, action }) => kind === "org" && action === "update");
    const status =
      change?.action === "update" ? change.fields.find(({ field }) => field === "status") : undefined;
    const ending = status && endings.get(status.after);
    // To archive what nobody declares is asked for apart, and has the same brake there.
    if (!change || !ending || (ending === "archived" && change.path === null)) return [];
    const before = matched.pairs.find(({ id }) => id === change.id)?.before;
    const subject = org ?? "";
    const at = change.path && { org, path: change.path };
    const findings: Finding[] = [];
    if (before?.protected === true) {
      const message = `The org "${org}" is protected, and would be ${ending}.`;
      const mend = "Take the protection away first, with protected: false, and apply that";
      const help = orPassOnce(mend, "protected", subject);
      findings.push({ code: "protected", subject, message, help, canPass: true, at });
    }
    if (ending === "deleted" && status.before !== "archived") {
      const message = `The org "${org}" is ${status.before}, and would be deleted.`;
      const help = noWayRound(
        "Only an archived org is deleted: write status: archived first, and apply that.",
      );
      findings.push({ code: "not-archived", subject, message, help, canPass: false, at });
    }
    return findings;
  });
}

const endings: ReadonlyMap<Value, string> = new Map([
  ["archived", "archived"],
  ["deleted", "deleted"],
]);
