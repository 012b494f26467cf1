import { driftOnly } from "../plan/drift-only.ts";
import { savePlan } from "../reconcile/saved-plan.ts";
import { toolVersion } from "../runtime/tool-version.ts";
import { checkFirst } from "./check-first.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { type PlanOutput, printPlan } from "./print-plan.ts";
import { printSql } from "./print-sql.ts";
import { type ReviewOptions, review } from "./review.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { verify } from "./verify.ts";
import { withDatabase } from "./with-database.ts";

export interface PlanOptions extends ReviewOptions, PlanOutput {
  readonly detailedExitcode: boolean;
  readonly driftOnly: boolean;
  /** Prints SQL for psql, or writes it to the file that is named. */
  readonly sql?: true | string | undefined;
  /** Tries it on the database's own constraints, and takes everything back. */
  readonly verify: boolean;
  /** The file to save the plan in. */
  readonly out?: string | undefined;
}

/** Shows what would change, and changes nothing. */
export async function plan(options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  const { out } = options;
  checkOutputs(options);
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
    if (options.sql === undefined || shown.plan.findings.length > 0)
      await printPlan(shown, options, terminal);
    else await printSql(database, shown, options.sql, terminal);
    if (out !== undefined) {
      await savePlan(out, { ...shown, tool: toolVersion() });
      terminal.talk(`Saved as ${out}. Apply it with: tenantry apply ${out}\n`);
    }
    if (options.driftOnly) return shown.plan.scopes.length > 0 ? exitCode.changes : exitCode.done;
    if (shown.plan.findings.length > 0) return exitCode.refused;
    if (options.verify) {
      const tried = await verify(database, shown, terminal);
      if (tried !== exitCode.done) return tried;
    }
    return options.detailedExitcode && shown.plan.scopes.length > 0 ? exitCode.changes : exitCode.done;
  });
}

function checkOutputs({ json, markdown, sql, driftOnly }: PlanOptions): void {
  const outputs = [json && "--json", markdown !== undefined && "--markdown", sql !== undefined && "--sql"];
  const given = outputs.filter((output) => output !== false);
  if (given.length > 1) throw new UsageError(`${given.join(" and ")} are different outputs: give one.`);
  if (driftOnly && sql !== undefined)
    throw new UsageError("--drift-only shows a part of the plan, and SQL is made of a whole one.");
}
