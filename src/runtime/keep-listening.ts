import { setTimeout } from "node:timers/promises";
import type { Database } from "../database/connect.ts";
import { listen } from "../database/listen.ts";

export interface KeepListening {
  readonly signal: AbortSignal;
  /** How often to make sure of the connection, and how long to wait for its answer, in milliseconds. */
  readonly heartbeat: number;
  readonly patience: number;
  readonly onNotice: () => void;
  /** Listening, for the so-and-so-manieth time, from 1. */
  readonly onListening: (time: number) => void;
  /** Not listening, or no more; told of each attempt. */
  readonly onLost: (error: Error) => void;
}

/** Listens, and again whenever that was lost, until the signal ends it; then it resolves at once. */
export async function keepListening(database: Database, options: KeepListening): Promise<void> {
  const { signal, heartbeat, onListening, onLost } = options;
  let times = 0;
  let failures = 0;
  while (!signal.aborted) {
    let began = Number.POSITIVE_INFINITY;
    try {
      await listen(database, {
        ...options,
        onListening() {
          began = performance.now();
          onListening(++times);
        },
      });
    } catch (error) {
      onLost(error as Error);
      // A connection that is lost as soon as it is made is no success.
      failures = performance.now() - began > heartbeat ? 0 : failures + 1;
      await setTimeout(pauseAfter(failures), undefined, { signal }).catch(() => {});
    }
  }
}

const shortest = 100;
const longest = 15_000;

/** Twice as long each time, and never the same: a server that comes back is not met by all at once. */
function pauseAfter(failures: number): number {
  return Math.min(longest, shortest * 2 ** failures) * (0.5 + Math.random() / 2);
}
