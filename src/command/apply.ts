import { randomUUID } from "node:crypto";
import { type ApplyChoice, alreadyApplied, carryOut } from "./carry-out.ts";
import { checkFirst } from "./check-first.ts";
import type { ExitCode } from "./exit-code.ts";
import { recordedCommit } from "./find-provenance.ts";
import { type ReviewOptions, review } from "./review.ts";
import type { Terminal } from "./terminal.ts";
import { withDatabase } from "./with-database.ts";

export interface ApplyOptions extends ReviewOptions, ApplyChoice {
  /** The id of an apply of which nobody knows what became: first that is found out. */
  readonly applyId?: string | undefined;
}

/** Shows the plan, asks, and makes it so in one transaction: all of it or nothing. */
export async function apply(options: ApplyOptions, terminal: Terminal): Promise<ExitCode> {
  const faulty = checkFirst(options, terminal);
  if (faulty !== null) return faulty;
  return withDatabase(options, terminal, async (database) => {
    const applyId = options.applyId ?? randomUUID();
    if (options.applyId !== undefined) {
      const ended = await alreadyApplied(database, { applyId, subject: "This apply" }, options, terminal);
      if (ended !== null) return ended;
    }
    const reviewed = await review(database, options, terminal);
    if (typeof reviewed === "number") return reviewed;
    const { provenance } = reviewed.about;
    const origin = {
      applyId,
      actor: provenance?.actor ?? "unknown",
      commit: provenance ? recordedCommit(provenance) : undefined,
      title: provenance?.title ?? undefined,
    };
    return carryOut(database, { ...reviewed, origin }, options, terminal);
  });
}
