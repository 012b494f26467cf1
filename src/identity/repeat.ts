import { setTimeout } from "node:timers/promises";

/**
 * Does something every so many milliseconds, one after the other; what fails is tried again the next time. Returns what
 * ends it, once the work under way is done.
 */
export function repeat(every: number, work: () => Promise<void>): () => Promise<void> {
  const stop = new AbortController();
  const going = (async () => {
    while (!stop.signal.aborted) {
      // A process that has nothing else to do ends.
      await setTimeout(every, null, { signal: stop.signal, ref: false }).catch(() => {});
      if (!stop.signal.aborted) await work().catch(() => {});
    }
  })();
  return async () => {
    stop.abort();
    await going;
  };
}
