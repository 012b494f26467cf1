import type { Database } from "../database/connect.ts";
import type { LiveEstate } from "../runtime/live-estate.ts";
import { type Cycle, watchLine } from "../view/watch-line.ts";
import type { Terminal } from "./terminal.ts";
import { watchCycle } from "./watch-cycle.ts";
import { watchLoop } from "./watch-loop.ts";

export interface ServeWatchOptions {
  /** Where the manifests are. */
  readonly dir: string;
  readonly estate?: string | undefined;
}

/** What is served, and the database that it is read from. */
export interface Served {
  readonly database: Database;
  /** Nothing where whoever answers looks for itself. */
  readonly estate?: Pick<LiveEstate, "refresh">;
}

/**
 * Applies manifests as they are edited to the database that is served from, one line each time, and has the next
 * answer show it. Faulty manifests, and plans that something stops, are told and not applied. Resolves when the
 * manifests were looked at once, so that what they say is served from the first answer on, with what ends it after
 * the apply under way.
 */
export async function serveWatch(
  { database, estate }: Served,
  options: ServeWatchOptions,
  terminal: Pick<Terminal, "out" | "talk">,
): Promise<() => Promise<void>> {
  const stop = new AbortController();
  const look = async () => {
    const asked = { ...options, apply: true, lockTimeout };
    const outcome = await watchCycle(asked, (work) => work(database), stop.signal);
    // Whoever keeps the estate fresh tells of a look at the database that fails.
    if (outcome?.kind === "applied") await estate?.refresh().catch(() => {});
    return outcome;
  };
  let watching = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    const tell = (cycle: Cycle) => {
      terminal.out(watchLine(cycle));
      resolve();
    };
    // Only an edit applies anything: what somebody tries out by hand in the database stays until then.
    watching = watchLoop({ dir: options.dir, interval: 0, look, tell }, terminal, stop.signal);
    watching.then(resolve, reject);
  });
  return async () => {
    stop.abort();
    await watching;
  };
}

/** How long to wait for another apply, in seconds. */
const lockTimeout = 30;
