import { setTimeout } from "node:timers/promises";
import { checkWritten } from "./check-written.ts";
import type { RowSet } from "./row-set.ts";
import type { PlacedChange, Writing } from "./writing.ts";

/** So many rows a statement: a larger batch gains nothing, and takes memory. */
const batchSize = 10_000;

export interface BatchStatement {
  /** What `step` is told. */
  readonly name: string;
  readonly setOf: (batch: readonly PlacedChange[]) => RowSet;
  /** The statement; one that may miss rows returns the ids of those that it wrote. */
  readonly textOf: (set: RowSet) => string;
}

/** Writes changes batch by batch, and holds each to having been written. Throws `PlanStale` where one was not. */
export async function writeBatches(
  { transaction, step, wrote }: Writing,
  changes: readonly PlacedChange[],
  statement: BatchStatement,
): Promise<void> {
  if (changes.length === 0) return;
  let set = statement.setOf(changes.slice(0, batchSize));
  for (let start = 0; start < changes.length; start += batchSize) {
    const batch = changes.slice(start, start + batchSize);
    await step(statement.name);
    const answer = transaction.query<{ id: string }>(statement.textOf(set), set.parameters);
    const following = changes.slice(start + batchSize, start + 2 * batchSize);
    if (following.length > 0) {
      // The next batch is put together while the server is at work on this one, once it has been sent.
      answer.catch(() => {});
      await setTimeout(2);
      set = statement.setOf(following);
    }
    checkWritten(batch, await answer);
    wrote(batch.length);
  }
}
