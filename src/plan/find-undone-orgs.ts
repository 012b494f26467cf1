import type { PlannedScope } from "./make-plan.ts";
import { orPassOnce } from "./pass-once.ts";
import type { Finding } from "./plan.ts";

/** Orgs that would go because what made them is taken back: with everything in them, whatever they are by now. */
export function findUndoneOrgs(scopes: readonly PlannedScope[]): Finding[] {
  return scopes.flatMap(({ org, changes }): Finding[] => {
    const gone = changes.find(({ kind, action }) => kind === "org" && action === "delete");
    if (org === null || gone?.action !== "delete") return [];
    const message = `The org "${org}" is ${gone.before.status}, and would go with all its ${changes.length} rows.`;
    const findings: Finding[] = [
      {
        code: "purge",
        subject: org,
        message,
        help: orPassOnce("End it by its manifest, with status: archived", "purge", org),
        canPass: true,
        at: null,
      },
    ];
    if (gone.before.protected === true) {
      const mend = "Take the protection away first, with protected: false, and apply that";
      findings.push({
        code: "protected",
        subject: org,
        message: `The org "${org}" is protected, and would go.`,
        help: orPassOnce(mend, "protected", org),
        canPass: true,
        at: null,
      });
    }
    return findings;
  });
}
