import { reviewEstate } from "../reconcile/review-estate.ts";
import { savePlan } from "../reconcile/saved-plan.ts";
import { planJson } from "../view/plan-json.ts";
import { planText } from "../view/plan-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findProvenance, type ProvenanceOptions } from "./find-provenance.ts";
import { printFaults } from "./print-faults.ts";
import type { Terminal } from "./terminal.ts";
import { toolVersion } from "./tool-version.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface PlanOptions extends DatabaseOptions, ProvenanceOptions {
  readonly dir: string;
  readonly json: boolean;
  readonly detailedExitcode: boolean;
  /** The file to save the plan in. */
  readonly out?: string | undefined;
}

/** Shows what would change, and changes nothing. */
export async function plan(options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  return withDatabase(options, terminal, async (database) => {
    const reading = terminal.progress("Reading");
    const review = await reviewEstate(database, {
      dir: options.dir,
      estate: options.estate,
      now: new Date(),
      onProgress: reading.update,
    }).finally(reading.stop);
    if (review.plan === null) return printFaults(review.diagnostics, options, terminal);
    const { plan: made, impact, declaredAt } = review;
    const about = {
      estate: `${options.dir} with ${placeOf(database)}`,
      provenance: await findProvenance(options, process.env),
    };
    terminal.out(
      options.json
        ? `${JSON.stringify(planJson(made, { declaredAt, about }), null, 2)}\n`
        : planText(made, { colour: terminal.colour, width: terminal.width, declaredAt, about }),
    );
    if (options.out !== undefined) {
      await savePlan(options.out, { plan: made, impact, about, places: { declaredAt }, tool: toolVersion() });
      terminal.talk(`Saved as ${options.out}. Apply it with: tenantry apply ${options.out}\n`);
    }
    if (made.findings.length > 0) return exitCode.refused;
    return options.detailedExitcode && made.scopes.length > 0 ? exitCode.changes : exitCode.done;
  });
}
