import cluster from "node:cluster";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { findEstate } from "../reconcile/find-estate.ts";
import { makeLog } from "../server/log.ts";
import { estateDatabase } from "./estate-database.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { FaultyEstates } from "./faulty-estates.ts";
import type { ServeOptions } from "./serve.ts";
import { type Announcement, ownMaster, type StopSignal } from "./serving-process.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { type EndedWorker, keepFleet, type StartedWorker } from "./worker-fleet.ts";
import type { FromWorker, ToWorker } from "./worker-master.ts";
import { type FleetMetrics, fleetMetrics } from "./worker-metrics.ts";

/**
 * Serves with several processes on one port, each with an estate in memory of its own. One that crashes is started
 * again; a signal stops all of them, each without dropping a request, and a second one ends all at once.
 * Throws `UsageError` where there can be one process only, or where so many would be in each other's way.
 */
export async function serveWorkers(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  refuseWhatIsSingle(options);
  refuseTooMany(options);
  // The last of an option's values counts, and all workers are to have the port that was chosen.
  cluster.setupPrimary({ args: [...process.argv.slice(2), "--port", String(options.port)] });
  const metrics = fleetMetrics();
  const start = () => startWorker(metrics);
  // The first alone, so that what is wrong with all of them is said once.
  const first = start();
  const announcement = await first.serving;
  if (!announcement) return exitCode.error;
  const master = ownMaster(terminal);
  const log = makeLog({ level: options.logLevel, write: terminal.talk });
  const onLoss = ({ pid, reason }: EndedWorker, delay: number) =>
    log.warn({ worker: pid, reason, delay_ms: delay }, "a worker ended, and another is started");
  const fleet = keepFleet(first, { size: options.workers, start, onLoss });
  await Promise.race([fleet.complete, master.stopped]);
  master.announce(announcement);
  const signal = await master.stopped;
  const stopWaiting = endAtOnceOnSignals();
  await fleet.stop(signal);
  stopWaiting();
  return exitCode.done;
}

/** So many workers a processor wait for each other already; what is beyond was mistyped. */
const mostOfEach = 4;

function refuseTooMany({ workers }: ServeOptions): void {
  const processors = availableParallelism();
  if (workers > processors * mostOfEach) {
    throw new UsageError(
      `${workers} workers are too many: each holds the whole estate in memory, and there ${processors === 1 ? "is one processor" : `are ${processors} processors`} for all of them. Say ${processors * mostOfEach} at most with --workers.`,
    );
  }
}

function refuseWhatIsSingle(options: ServeOptions): void {
  if (options.watch) {
    throw new UsageError("Only one process can apply manifests: leave out --watch, or --workers.");
  }
  const { estate, diagnostics } = findEstate(options.dir, options.estate);
  if (diagnostics.length > 0) throw new FaultyEstates(diagnostics);
  if (estateDatabase(options, estate, process.env).url === undefined) {
    throw new UsageError(
      "An embedded database can be open in one process only: leave out --workers, or name a PostgreSQL server with --database.",
    );
  }
}

function startWorker(metrics: FleetMetrics): StartedWorker {
  const worker = cluster.fork();
  const ended = once(worker, "exit").then(([code, signal]) => ({
    pid: worker.process.pid,
    reason: signal ?? `exit code ${code}`,
  }));
  const tell = (message: ToWorker) => {
    // It may have ended meanwhile, which is heard of elsewhere.
    if (worker.isConnected()) worker.send(message, () => {});
  };
  const serving = new Promise<Announcement | null>((resolve) => {
    void ended.then(() => resolve(null));
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "serving") {
        metrics.add(worker);
        resolve(message.announcement);
      }
      if (message.kind !== "metrics-wanted") return;
      const { id } = message;
      metrics.text().then(
        (text) => tell({ kind: "metrics", id, text }),
        () => tell({ kind: "metrics", id, text: null }),
      );
    });
  });
  return { serving, ended, tellToStop: (signal: StopSignal) => tell({ kind: "stop", signal }) };
}

/** Has the next signal end all processes; returns what undoes that. */
function endAtOnceOnSignals(): () => void {
  const endAll = (signal: StopSignal) => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGKILL");
    undo();
    process.kill(process.pid, signal);
  };
  const undo = () => void process.off("SIGINT", endAll).off("SIGTERM", endAll);
  process.on("SIGINT", endAll).on("SIGTERM", endAll);
  return undo;
}
