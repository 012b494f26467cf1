import { driftOnly } from "../plan/drift-only.ts";
import { reviewEstate } from "../reconcile/review-estate.ts";
import { savePlan } from "../reconcile/saved-plan.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findProvenance, type ProvenanceOptions } from "./find-provenance.ts";
import { printFaults } from "./print-faults.ts";
import { type PlanOutput, printPlan } from "./print-plan.ts";
import type { Terminal } from "./terminal.ts";
import { toolVersion } from "./tool-version.ts";
import { UsageError } from "./usage-error.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface PlanOptions extends DatabaseOptions, ProvenanceOptions, PlanOutput {
  readonly dir: string;
  readonly detailedExitcode: boolean;
  readonly driftOnly: boolean;
  /** Takes no short cut. */
  readonly refresh: boolean;
  /** What to let pass this once, as `over-limit:acme`. */
  readonly allow: readonly string[];
  /** Archives orgs that are declared no more. */
  readonly prune: boolean;
  /** Orgs to let go of. */
  readonly forget: readonly string[];
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
  return withDatabase(options, terminal, async (database) => {
    const reading = terminal.progress("Reading");
    const { dir, estate, refresh, allow, prune, forget } = options;
    const review = await reviewEstate(database, {
      dir,
      estate,
      refresh,
      allow,
      prune,
      forget,
      now: new Date(),
      onProgress: reading.update,
    }).finally(reading.stop);
    if (review.plan === null) return printFaults(review.diagnostics, options, terminal);
    if (review.faults.length > 0) throw new UsageError(review.faults.join("\n"));
    const { impact, declaredAt, wasDeclaredAt } = review;
    const shown = {
      plan: options.driftOnly ? driftOnly(review.plan) : review.plan,
      // Drift is what was done already; what putting it back decides is the whole plan's to say.
      impact: options.driftOnly ? null : impact,
      places: { declaredAt, wasDeclaredAt },
      about: {
        estate: estate === undefined ? `${dir} with ${placeOf(database)}` : `estate ${estate}`,
        provenance: await findProvenance(options, process.env),
      },
    };
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
