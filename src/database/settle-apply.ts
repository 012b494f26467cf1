import { setTimeout } from "node:timers/promises";
import type { Database } from "./connect.ts";
import { DatabaseUnreachable, OutcomeUnknown } from "./database-error.ts";
import { type EarlierApply, findApply } from "./find-apply.ts";
import { inTransaction } from "./in-transaction.ts";
import { lockEstate } from "./lock-estate.ts";

export interface Doubt {
  readonly lost: OutcomeUnknown;
  /** How long to ask, in milliseconds: a server that was started anew answers by then. */
  readonly patience?: number | undefined;
}

/**
 * Finds out what became of an apply whose COMMIT was not answered. Waits for the estate's lock, which the
 * transaction in doubt holds until it has ended one way or the other; only then its apply id tells.
 * Throws `DatabaseUnreachable` where it did not take place, and `OutcomeUnknown` where nobody could be asked.
 */
export async function settleApply(
  database: Database,
  applyId: string,
  { lost, patience = 8_000 }: Doubt,
): Promise<EarlierApply> {
  const until = performance.now() + patience;
  for (;;) {
    const left = until - performance.now();
    try {
      const found = await inTransaction(database, "apply", {}, async (transaction) => {
        await lockEstate(transaction, Math.max(1, left));
        return findApply(transaction, applyId);
      });
      if (found) return found;
      break;
    } catch {
      // Whatever is in the way, the apply is in doubt until somebody answers.
      if (performance.now() >= until) throw stillUnknown(applyId, lost);
      await setTimeout(250);
    }
  }
  throw new DatabaseUnreachable(
    "The connection was lost while committing, and the change did not take effect. Nothing was written.",
    { cause: lost },
  );
}

function stillUnknown(applyId: string, cause: OutcomeUnknown): OutcomeUnknown {
  return new OutcomeUnknown(
    `The connection was lost while committing: whether it took effect is not known yet.\nThis apply's id is ${applyId}. Run it again, or \`tenantry apply --apply-id ${applyId}\`: that finds out first.`,
    { cause },
  );
}
