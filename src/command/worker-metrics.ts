import type { Worker } from "node:cluster";
import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from "prom-client";
import type { FromWorker, ToWorker } from "./worker-master.ts";

/** What one process measured, by registry. */
export type OwnMetrics = readonly (readonly MetricObjectWithValues<MetricValue<string>>[])[];

/** A worker that can be asked. */
export type Askable = Pick<Worker, "on" | "once" | "send">;

/** The metrics of several processes that serve together. */
export interface FleetMetrics {
  /** Counts a worker in that serves, until it ends. */
  readonly add: (worker: Askable) => void;
  /**
   * Those of all that were added, put together. Who ends meanwhile, or does not answer, is left out; rejects where
   * nobody answers.
   */
  readonly text: () => Promise<string>;
}

/** How long a worker is waited for, in milliseconds: not as long as Prometheus waits for all of them. */
const longestWait = 2_000;

export function fleetMetrics(patience = longestWait): FleetMetrics {
  /** What each worker was asked and has not answered yet, by the question's number. */
  const asked = new Map<Askable, Questions>();
  return {
    add(worker) {
      const questions: Questions = new Map();
      asked.set(worker, questions);
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "own-metrics") questions.get(message.id)?.(message.metrics);
      });
      worker.once("disconnect", () => {
        asked.delete(worker);
        for (const hear of [...questions.values()]) hear(null);
      });
    },
    async text() {
      const all = [...asked].map(([worker, questions]) => ask(worker, questions, patience));
      const told = (await Promise.all(all)).filter((metrics) => metrics !== null);
      if (told.length === 0) throw new Error("No worker told its metrics.");
      return AggregatorRegistry.aggregate(told.flat() as object[]).metrics();
    },
  };
}

type Questions = Map<number, (metrics: OwnMetrics | null) => void>;

let last = 0;

/** null: it ended, or takes too long. */
function ask(worker: Askable, questions: Questions, patience: number): Promise<OwnMetrics | null> {
  const id = ++last;
  return new Promise((resolve) => {
    const hear = (metrics: OwnMetrics | null) => {
      clearTimeout(deadline);
      questions.delete(id);
      resolve(metrics);
    };
    const deadline = setTimeout(hear, patience, null);
    questions.set(id, hear);
    const question: ToWorker = { kind: "own-metrics-wanted", id };
    worker.send(question, (error) => error && hear(null));
  });
}

/** What this process measured; null where that cannot be told. */
export async function ownMetrics(registries: readonly Registry[]): Promise<OwnMetrics | null> {
  return Promise.all(registries.map((registry) => registry.getMetricsAsJSON())).catch(() => null);
}
