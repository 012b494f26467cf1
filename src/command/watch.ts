import { type Cycle, type Outcome, watchJson, watchLine } from "../view/watch-line.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { FaultyEstates } from "./faulty-estates.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { makeBell } from "./watch-bell.ts";
import { type CycleOptions, watchCycle } from "./watch-cycle.ts";
import { watchFiles } from "./watch-files.ts";

export interface WatchOptions extends CycleOptions {
  readonly json: boolean;
  /** How often to look for drift, in seconds; 0 looks only when a manifest changes. */
  readonly interval: number;
}

/**
 * Plans again whenever a manifest changes and on an interval, one line each time; applies where `--apply` says
 * so and nothing stops it. Errors are told and got over. Ends well on SIGINT or SIGTERM, after the apply under
 * way; a second signal ends it at once.
 */
export async function watch(options: WatchOptions, terminal: Terminal): Promise<ExitCode> {
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  const bell = makeBell();
  const closeFiles = await watchFiles(options.dir, bell.ring, (error) =>
    terminal.talk(
      `error: changes of ${options.dir} may be missed until the next interval: ${error.message}\n`,
    ),
  );
  try {
    let cause: Cycle["cause"] = "start";
    for (let failures = 0; !stop.signal.aborted; ) {
      const at = new Date();
      const begun = performance.now();
      const retryIn = Math.min(2 ** failures, options.interval || 60);
      const outcome = await outcomeOf(() => watchCycle(options, terminal, stop.signal), retryIn);
      if (outcome === null) break;
      const cycle: Cycle = { kind: "cycle", at, cause, outcome, milliseconds: performance.now() - begun };
      terminal.out(options.json ? `${JSON.stringify(watchJson(cycle))}\n` : watchLine(cycle));
      const isFailed = outcome.kind === "failed";
      failures = isFailed ? failures + 1 : 0;
      const rang = await bell.sleep(isFailed ? retryIn : options.interval || null, stop.signal);
      cause = rang ? "tenants" : isFailed ? "retry" : "interval";
    }
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
    await closeFiles();
  }
  return exitCode.done;
}

/** What a cycle came to; an error is an outcome, but for one in what was asked for: that will not mend itself. */
async function outcomeOf(cycle: () => Promise<Outcome | null>, retryIn: number): Promise<Outcome | null> {
  try {
    return await cycle();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof FaultyEstates) return { kind: "invalid", diagnostics: error.diagnostics };
    const { code, message }: NodeJS.ErrnoException =
      error instanceof Error ? error : new Error(String(error));
    return { kind: "failed", code: code ?? null, message, retryIn };
  }
}
