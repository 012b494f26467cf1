import { driftOnly } from "../plan/drift-only.ts";
import { savePlan } from "../reconcile/saved-plan.ts";
import { checkFirst } from "./check-first.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { type PlanOutput, printPlan } from "./print-plan.ts";
import { type ReviewOptions, review } from "./review.ts";
import type { Terminal } from "./terminal.ts";
import { toolVersion } from "./tool-version.ts";
import { UsageError } from "./usage-error.ts";
import { withDatabase } from "./with-database.ts";

export interface PlanOptions extends ReviewOptions, PlanOutput {
  readonly detailedExitcode: boolean;
  readonly driftOnly: boolean;
  /** The file to save the plan in. */
  readonly out?: string | undefined;
}

/** Shows what would change, and changes nothing. */
export async function plan(options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  const { json, markdown, out } = options;
  if (json && markdown !== undefined)
    throw new UsageError("--json and --markdown are two outputs: give one.");
  if (options.driftOnly && out !== undefined) {
    throw new UsageError("--drift-only shows a part of the plan, and only a whole one can be saved.");
  }
  const faulty = checkFirst(options, terminal);
  if (faulty !== null) return faulty;
  return withDatabase(options, terminal, async (database) => {
    const reviewed = await review(database, options, terminal);
    if (typeof reviewed === "number") return reviewed;
    // Drift is what was done already; what putting it back decides is the whole plan's to say.
    const shown = options.driftOnly
      ? { ...reviewed, plan: driftOnly(reviewed.plan), impact: null }
      : reviewed;
    await printPlan(shown, options, terminal);
    if (out !== undefined) {
      await savePlan(out, { ...shown, tool: toolVersion() });
      terminal.talk(`Saved as ${out}. Apply it with: tenantry apply ${out}\n`);
    }
    if (options.driftOnly) return shown.plan.scopes.length > 0 ? exitCode.changes : exitCode.done;
    if (shown.plan.findings.length > 0) return exitCode.refused;
    return options.detailedExitcode && shown.plan.scopes.length > 0 ? exitCode.changes : exitCode.done;
  });
}
