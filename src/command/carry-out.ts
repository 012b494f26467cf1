import pc from "picocolors";
import type { Database } from "../database/connect.ts";
import { type EarlierApply, findApply } from "../database/find-apply.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { type Applied, type WriteOptions, writePlan } from "../database/write-plan.ts";
import type { Impact } from "../decision/impact/impact.ts";
import type { KeysAfter } from "../plan/keys-after.ts";
import type { Plan } from "../plan/plan.ts";
import { exportPurged } from "../reconcile/export-purged.ts";
import type { PlanAbout } from "../view/plan-head-text.ts";
import { planJson } from "../view/plan-json.ts";
import type { Places } from "../view/plan-lines.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { printPlan } from "./print-plan.ts";
import type { Terminal } from "./terminal.ts";

export interface ApplyChoice {
  readonly json: boolean;
  readonly yes: boolean;
  /** In seconds. */
  readonly lockTimeout: number;
  /** Where orgs are exported to before they are purged. */
  readonly exportDir: string;
}

/** A plan with all that its reader has to know, and what history will say of it. */
export interface Proposal {
  readonly plan: Plan;
  readonly impact: Impact | null;
  readonly keys: KeysAfter | null;
  readonly about: PlanAbout;
  readonly places: Places;
  readonly origin: Pick<WriteOptions, "applyId" | "actor" | "commit" | "title">;
  /** What else there is to say where data is asked for. */
  readonly data?: object;
}

/** Shows a plan, asks, and writes it; what stops it, or that nothing changes, ends it before. */
export async function carryOut(
  database: Database,
  proposal: Proposal,
  options: ApplyChoice,
  terminal: Terminal,
): Promise<ExitCode> {
  const { plan, impact, keys, places, about, origin } = proposal;
  if (!options.json) await printPlan(proposal, { json: false }, terminal);
  const finish = (revision: number, applied: boolean) => {
    if (!options.json) return;
    const data = {
      ...planJson(plan, { about, impact, keys, ...places }),
      revision,
      applied,
      applyId: origin.applyId,
      ...proposal.data,
    };
    terminal.out(`${JSON.stringify(data, null, 2)}\n`);
  };
  if (plan.findings.length > 0) {
    finish(plan.base.revision, false);
    return exitCode.refused;
  }
  const isEmpty = plan.scopes.length === 0;
  if (!isEmpty && !(await isAgreed(options, terminal))) return exitCode.error;
  const exports = await exportPurged(database, plan, { directory: options.exportDir, now: new Date() });
  for (const path of exports) terminal.talk(`Exported to ${path}.\n`);
  const begun = performance.now();
  const progress = terminal.progress("Applying");
  const applied = await writePlan(database, plan, {
    ...origin,
    lockTimeout: options.lockTimeout * 1_000,
    onProgress: progress.update,
  }).finally(progress.stop);
  finish(applied.revision, !isEmpty);
  if (!options.json && !isEmpty) terminal.out(doneText(applied, performance.now() - begun, terminal));
  return exitCode.done;
}

interface Asked {
  readonly applyId: string;
  /** `This plan` */
  readonly subject: string;
  /** What to add where it took place. */
  readonly afterwards?: string;
}

/** Says of an apply that it took place already; null where it did not, so that it may now. */
export async function alreadyApplied(
  database: Database,
  { applyId, subject, afterwards }: Asked,
  { json }: ApplyChoice,
  terminal: Terminal,
): Promise<ExitCode | null> {
  const earlier = await inTransaction(database, "apply", { readOnly: true }, (transaction) =>
    findApply(transaction, applyId),
  );
  if (earlier === null) return null;
  if (json) {
    const data = { format: "tenantry/applied/v1", applied: false, applyId, ...earlier };
    terminal.out(`${JSON.stringify(data, null, 2)}\n`);
  } else {
    terminal.out(
      `${subject} was applied already ${earlierText(earlier)}.${afterwards ? ` ${afterwards}` : ""}\n`,
    );
  }
  return exitCode.done;
}

function earlierText({ revision, at, actor }: EarlierApply): string {
  return `as revision ${revision} on ${at} by ${actor}`;
}

async function isAgreed({ yes }: ApplyChoice, terminal: Terminal): Promise<boolean> {
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

function doneText({ revision, rows, earlier }: Applied, milliseconds: number, terminal: Terminal): string {
  if (earlier !== null) return `\nIt was applied already ${earlierText(earlier)}. Nothing was written now.\n`;
  const { green } = pc.createColors(terminal.colour);
  const written = `${rows} ${rows === 1 ? "row" : "rows"}`;
  return `\n${green("Applied.")} ${written} in one transaction, ${(milliseconds / 1_000).toFixed(2)} s; the estate is at revision ${revision}.\n`;
}
