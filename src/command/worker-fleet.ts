import { setTimeout } from "node:timers/promises";
import type { Announcement, StopSignal } from "./serving-process.ts";

/** A process that serves, or is about to. */
export interface StartedWorker {
  /** What it said once it served; null: it ended before. */
  readonly serving: Promise<Announcement | null>;
  readonly ended: Promise<EndedWorker>;
  readonly tellToStop: (signal: StopSignal) => void;
}

export interface EndedWorker {
  readonly pid: number | undefined;
  /** The signal that it died of, or its exit code. */
  readonly reason: string;
}

/** Several processes that are kept going. */
export interface Fleet {
  /** Resolves when each has served, or failed to. */
  readonly complete: Promise<void>;
  /** Resolves when all have ended. */
  readonly stop: (signal: StopSignal) => Promise<void>;
}

export interface FleetOptions {
  readonly size: number;
  readonly start: () => StartedWorker;
  /** Told before a worker is started in the place of one that ended, with how many milliseconds it waits. */
  readonly onLoss: (lost: EndedWorker, delay: number) => void;
}

/** Keeps so many workers, the first of which is there already; whoever ends untold is replaced. */
export function keepFleet(first: StartedWorker, { size, start, onLoss }: FleetOptions): Fleet {
  const stopping = new AbortController();
  const current: StartedWorker[] = [first];
  while (current.length < size) current.push(start());
  const keep = async (place: number, worker: StartedWorker) => {
    for (let losses = 0; ; ) {
      const begun = performance.now();
      const lost = await worker.ended;
      if (stopping.signal.aborted) return;
      losses = performance.now() - begun > longLife ? 0 : losses + 1;
      const delay = Math.min(100 * 2 ** (losses - 1), 10_000);
      onLoss(lost, delay);
      await setTimeout(delay, null, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      worker = start();
      current[place] = worker;
    }
  };
  const kept = Promise.all(current.map((worker, place) => keep(place, worker)));
  return {
    complete: Promise.all(current.map(({ serving }) => serving)).then(() => {}),
    async stop(signal) {
      stopping.abort();
      for (const worker of current) worker.tellToStop(signal);
      await kept;
    },
  };
}

/** Whoever lived for so many milliseconds did not end because it cannot start. */
const longLife = 60_000;
