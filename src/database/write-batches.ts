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
  { transaction, step, wrote, oneByOne }: Writing,
  changes: readonly PlacedChange[],
  statement: BatchStatement,
): Promise<void> {
  if (changes.length === 0) return;
  const single = changes[0]?.change.kind === oneByOne?.kind ? oneByOne : undefined;
  const size = single ? 1 : batchSize;
  let set = statement.setOf(changes.slice(0, size));
  for (let start = 0; start < changes.length; start += size) {
    const batch = changes.slice(start, start + size);
    if (single && batch[0]) single.attempt(batch[0]);
    await step(statement.name);
    const answer = transaction.query<{ id: string }>(
      statement.textOf(set),
      set.parameters,
      batch.map(({ change }) => change),
    );
    const following = changes.slice(start + size, start + 2 * size);
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
