import { inTransaction } from "../database/in-transaction.ts";
import { keysOf } from "../reconcile/keys-of-plan.ts";
import { readSavedPlan } from "../reconcile/saved-plan.ts";
import type { ApplyOptions } from "./apply.ts";
import { alreadyApplied, carryOut } from "./carry-out.ts";
import type { ExitCode } from "./exit-code.ts";
import { findProvenance, recordedCommit } from "./find-provenance.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Applies a plan that was saved, and nothing else: the manifests are not read. A plan is used once. Where this very
 * one took place already, it says so and that is no error, so that a job which lost its answer may be run again.
 */
export async function applySaved(file: string, options: ApplyOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.applyId !== undefined)
    throw new UsageError("A saved plan has its own id: leave --apply-id out.");
  const { applyId, plan, impact, about, places } = await readSavedPlan(file);
  const { actor } = await findProvenance(options, process.env);
  return withDatabase(options, terminal, async (database) => {
    const subject = { applyId, subject: "This plan", afterwards: "A saved plan is used once." };
    const ended = await alreadyApplied(database, subject, options, terminal);
    if (ended !== null) return ended;
    // What the manifests are from was known when it was planned; who applies is known now.
    const { provenance } = about;
    const commit = options.commit ?? (provenance ? recordedCommit(provenance) : undefined);
    const origin = { applyId, actor, commit, title: provenance?.title ?? undefined };
    const keys = await inTransaction(database, "apply", { readOnly: true }, (transaction) =>
      keysOf(transaction, plan),
    );
    return carryOut(database, { plan, impact, keys, about, places, origin }, options, terminal);
  });
}
