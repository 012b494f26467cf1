import cluster from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";
import type { Announcement, Master, StopSignal } from "./serving-process.ts";

/** What a worker tells the process that started it. */
export type FromWorker =
  | { readonly kind: "serving"; readonly announcement: Announcement }
  | { readonly kind: "metrics-wanted"; readonly id: number };

/** What a worker is told. */
export type ToWorker =
  | { readonly kind: "stop"; readonly signal: StopSignal }
  | { readonly kind: "metrics"; readonly id: number; readonly text: string | null };

/**
 * Of a process that is one of several. It stops when it is told to, or by a signal of its own: a terminal, and most
 * supervisors, send theirs to all processes, so that each gets two; only the first one counts.
 */
export function workerMaster(): Master {
  const told = new Set<(message: ToWorker) => void>();
  process.on("message", (message: ToWorker) => {
    for (const hear of [...told]) hear(message);
  });
  const say = (message: FromWorker) => process.send?.(message);
  return {
    announce: (announcement) => say({ kind: "serving", announcement }),
    stopped: new Promise((resolve) => {
      process.on("SIGINT", resolve).on("SIGTERM", resolve);
      told.add((message) => message.kind === "stop" && resolve(message.signal));
    }),
    gather(own) {
      shareMetrics(own);
      let last = 0;
      return () =>
        new Promise((resolve, reject) => {
          const id = ++last;
          const hear = (message: ToWorker) => {
            if (message.kind !== "metrics" || message.id !== id) return;
            told.delete(hear);
            if (message.text === null) reject(new Error("The workers' metrics could not be gathered."));
            else resolve(message.text);
          };
          told.add(hear);
          say({ kind: "metrics-wanted", id });
        });
    },
    // An open channel would keep the process.
    leave: () => cluster.worker?.disconnect(),
  };
}

/** Has this process answer when the one that started it asks all workers for their metrics. */
function shareMetrics(own: readonly Registry[]): void {
  AggregatorRegistry.setRegistries([...own]);
  new AggregatorRegistry();
}
