import cluster from "node:cluster";
import type { Announcement, Master, StopSignal } from "./serving-process.ts";
import { type OwnMetrics, ownMetrics } from "./worker-metrics.ts";

/** What a worker tells the process that started it. */
export type FromWorker =
  | { readonly kind: "serving"; readonly announcement: Announcement }
  | { readonly kind: "metrics-wanted"; readonly id: number }
  | { readonly kind: "own-metrics"; readonly id: number; readonly metrics: OwnMetrics | null };

/** What a worker is told. */
export type ToWorker =
  | { readonly kind: "stop"; readonly signal: StopSignal }
  | { readonly kind: "metrics"; readonly id: number; readonly text: string | null }
  | { readonly kind: "own-metrics-wanted"; readonly id: number };

/**
 * Of a process that is one of several. It stops when it is told to, or by a signal of its own: a terminal, and most
 * supervisors, send theirs to all processes, so that each gets two; only the first one counts.
 */
export function workerMaster(): Master {
  const told = new Set<(message: ToWorker) => void>();
  process.on("message", (message: ToWorker) => {
    for (const hear of [...told]) hear(message);
  });
  // Where nobody listens any more, this process is about to end.
  const say = (message: FromWorker) => process.send?.(message, undefined, undefined, () => {});
  return {
    announce: (announcement) => say({ kind: "serving", announcement }),
    stopped: new Promise((resolve) => {
      process.on("SIGINT", resolve).on("SIGTERM", resolve);
      told.add((message) => message.kind === "stop" && resolve(message.signal));
    }),
    gather(own) {
      told.add((message) => {
        if (message.kind !== "own-metrics-wanted") return;
        const { id } = message;
        void ownMetrics(own).then((metrics) => say({ kind: "own-metrics", id, metrics }));
      });
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
