import { randomUUID } from "node:crypto";
import pc from "picocolors";
import { writePlan } from "../database/write-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { planEstate } from "../reconcile/plan-estate.ts";
import { planJson } from "../view/plan-json.ts";
import { planText } from "../view/plan-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findProvenance, type ProvenanceOptions, recordedCommit } from "./find-provenance.ts";
import { type LoadOptions, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface ApplyOptions extends LoadOptions, DatabaseOptions, ProvenanceOptions {
  readonly yes: boolean;
  /** In seconds. */
  readonly lockTimeout: number;
}

/** Shows the plan, asks, and makes it so in one transaction: all of it or nothing. */
export async function apply(options: ApplyOptions, terminal: Terminal): Promise<ExitCode> {
  const asked = findProvenance(options, process.env);
  const loaded = load(options, terminal);
  if (typeof loaded === "number") return loaded;
  return withDatabase(options, terminal, async (database) => {
    const reading = terminal.progress("Reading the database");
    const plan = await planEstate(database, loaded.desired, new Date(), {
      onProgress: reading.update,
    }).finally(reading.stop);
    const { declaredAt } = loaded;
    if (!options.json) {
      const about = { estate: `${options.dir} with ${placeOf(database)}`, provenance: await asked };
      terminal.out(planText(plan, { colour: terminal.colour, width: terminal.width, declaredAt, about }));
    }
    const finish = (outcome: { readonly revision: number; readonly applied: boolean }) => {
      if (options.json)
        terminal.out(`${JSON.stringify({ ...planJson(plan, declaredAt), ...outcome }, null, 2)}\n`);
    };
    if (plan.findings.length > 0) {
      finish({ revision: plan.base.revision, applied: false });
      return exitCode.refused;
    }
    if (plan.scopes.length === 0) {
      finish({ revision: plan.base.revision, applied: false });
      return exitCode.done;
    }
    if (!(await isAgreed(options, terminal))) return exitCode.error;
    const provenance = await asked;
    const begun = performance.now();
    const progress = terminal.progress("Applying");
    const { revision } = await writePlan(database, plan, {
      applyId: randomUUID(),
      actor: provenance.actor,
      commit: recordedCommit(provenance),
      lockTimeout: options.lockTimeout * 1_000,
      onProgress: progress.update,
    }).finally(progress.stop);
    finish({ revision, applied: true });
    if (!options.json) terminal.out(doneText(plan, revision, performance.now() - begun, terminal));
    return exitCode.done;
  });
}

async function isAgreed({ yes }: ApplyOptions, terminal: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!terminal.confirm) {
    terminal.talk(
      "error: nobody is here to be asked, so that nothing was applied. Say --yes to apply without asking.\n",
    );
    return false;
  }
  if (await terminal.confirm("Apply these changes?")) return true;
  terminal.talk("Nothing was applied.\n");
  return false;
}

function doneText(plan: Plan, revision: number, milliseconds: number, terminal: Terminal): string {
  const changes = plan.scopes.reduce((sum, scope) => sum + scope.changes.length, 0);
  const { green } = pc.createColors(terminal.colour);
  const rows = `${changes} ${changes === 1 ? "row" : "rows"}`;
  return `\n${green("Applied.")} ${rows} in one transaction, ${(milliseconds / 1_000).toFixed(2)} s; the estate is at revision ${revision}.\n`;
}
