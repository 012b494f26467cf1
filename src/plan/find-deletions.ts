import { addressOf } from "../model/address.ts";
import type { PlannedScope } from "./make-plan.ts";
import type { Finding } from "./plan.ts";

/** Orgs that would be deleted although the database says that they are protected, or that were never archived. */
export function findDeletions(scopes: readonly PlannedScope[]): Finding[] {
  return scopes.flatMap(({ org, matched, changes }): Finding[] => {
    const change = changes.find(({ kind, action }) => kind === "org" && action === "update");
    const status =
      change?.action === "update" ? change.fields.find(({ field }) => field === "status") : undefined;
    if (!change || status?.after !== "deleted") return [];
    const before = matched.pairs.find(({ id }) => id === change.id)?.before;
    const subject = addressOf(org, "org", "");
    const at = change.path && { org, path: change.path };
    if (before?.protected === true) {
      const message = `The org "${org}" is protected, and would be deleted.`;
      const help = "Take the protection away first, with protected: false, and apply that.";
      return [{ code: "protected", subject, message, help, canPass: true, at }];
    }
    if (status.before === "archived") return [];
    const message = `The org "${org}" is ${status.before}, and would be deleted.`;
    const help = "Only an archived org is deleted: write status: archived first, and apply that.";
    return [{ code: "not-archived", subject, message, help, canPass: false, at }];
  });
}
