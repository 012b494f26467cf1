import { watchJson, watchLine } from "../view/watch-line.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { type CycleOptions, watchCycle } from "./watch-cycle.ts";
import { watchLoop } from "./watch-loop.ts";
import { type DatabaseOptions, withDatabase } from "./with-database.ts";

export interface WatchOptions extends CycleOptions, DatabaseOptions {
  readonly dir: string;
  readonly json: boolean;
  /** How often to look for drift, in seconds; 0 looks only when a manifest changes. */
  readonly interval: number;
}

/**
 * Plans again whenever a manifest changes and on an interval, one line each time; applies where `--apply` says
 * so and nothing stops it. Errors are told and got over. The database is open during a look only, so that other
 * commands get at an embedded one. Ends well on SIGINT or SIGTERM, after the apply under way; a second signal
 * ends it at once.
 */
export async function watch(options: WatchOptions, terminal: Terminal): Promise<ExitCode> {
  const { dir, interval, json } = options;
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  try {
    await watchLoop(
      {
        dir,
        interval,
        look: () => watchCycle(options, (work) => withDatabase(options, terminal, work), stop.signal),
        tell: (cycle) => terminal.out(json ? `${JSON.stringify(watchJson(cycle))}\n` : watchLine(cycle)),
      },
      terminal,
      stop.signal,
    );
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
  }
  return exitCode.done;
}
