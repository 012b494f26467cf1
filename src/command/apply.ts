import { randomUUID } from "node:crypto";
import { reviewEstate } from "../reconcile/review-estate.ts";
import { type ApplyChoice, alreadyApplied, carryOut } from "./carry-out.ts";
import type { ExitCode } from "./exit-code.ts";
import { findProvenance, type ProvenanceOptions, recordedCommit } from "./find-provenance.ts";
import { printFaults } from "./print-faults.ts";
import type { Terminal } from "./terminal.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface ApplyOptions extends DatabaseOptions, ProvenanceOptions, ApplyChoice {
  readonly dir: string;
  /** The id of an apply of which nobody knows what became: first that is found out. */
  readonly applyId?: string | undefined;
}

/** Shows the plan, asks, and makes it so in one transaction: all of it or nothing. */
export async function apply(options: ApplyOptions, terminal: Terminal): Promise<ExitCode> {
  const asked = findProvenance(options, process.env);
  return withDatabase(options, terminal, async (database) => {
    const applyId = options.applyId ?? randomUUID();
    if (options.applyId !== undefined) {
      const ended = await alreadyApplied(database, { applyId, subject: "This apply" }, options, terminal);
      if (ended !== null) return ended;
    }
    const reading = terminal.progress("Reading");
    const review = await reviewEstate(database, {
      dir: options.dir,
      estate: options.estate,
      now: new Date(),
      onProgress: reading.update,
    }).finally(reading.stop);
    if (review.plan === null) return printFaults(review.diagnostics, options, terminal);
    const provenance = await asked;
    const reviewed = {
      plan: review.plan,
      impact: review.impact,
      places: { declaredAt: review.declaredAt },
      about: { estate: `${options.dir} with ${placeOf(database)}`, provenance },
    };
    const { actor, title } = provenance;
    const origin = { applyId, actor, commit: recordedCommit(provenance), title: title ?? undefined };
    return carryOut(database, { ...reviewed, origin }, options, terminal);
  });
}
