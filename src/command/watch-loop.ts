import type { Cycle, Outcome } from "../view/watch-line.ts";
import { FaultyEstates } from "./faulty-estates.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { makeBell } from "./watch-bell.ts";
import { watchFiles } from "./watch-files.ts";

export interface Watching {
  /** Where the manifests are. */
  readonly dir: string;
  /** How often to look also where no manifest changed, in seconds; 0 for never. */
  readonly interval: number;
  /** Looks once; null where the signal ended it before it came to anything. */
  readonly look: () => Promise<Outcome | null>;
  readonly tell: (cycle: Cycle) => void;
}

/**
 * Looks at once, whenever a manifest changes, and on an interval, until the signal is aborted; never twice at a
 * time. A look that fails is told and tried again, ever less often. Throws `UsageError` alone.
 */
export async function watchLoop(
  { dir, interval, look, tell }: Watching,
  terminal: Pick<Terminal, "talk">,
  signal: AbortSignal,
): Promise<void> {
  const bell = makeBell();
  const until = interval === 0 ? "next change" : "next interval";
  const closeFiles = await watchFiles(dir, bell.ring, (error) =>
    terminal.talk(`error: changes of ${dir} may be missed until the ${until}: ${error.message}\n`),
  );
  try {
    let cause: Cycle["cause"] = "start";
    for (let failures = 0; !signal.aborted; ) {
      const at = new Date();
      const begun = performance.now();
      const retryIn = Math.min(2 ** failures, interval || 60);
      const outcome = await outcomeOf(look, retryIn);
      if (outcome === null) break;
      tell({ kind: "cycle", at, cause, outcome, milliseconds: performance.now() - begun });
      const isFailed = outcome.kind === "failed";
      failures = isFailed ? failures + 1 : 0;
      const rang = await bell.sleep(isFailed ? retryIn : interval || null, signal);
      cause = rang ? "tenants" : isFailed ? "retry" : "interval";
    }
  } finally {
    await closeFiles();
  }
}

/** What a look came to; an error is an outcome, but for one in what was asked for: that will not mend itself. */
async function outcomeOf(look: Watching["look"], retryIn: number): Promise<Outcome | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof FaultyEstates) return { kind: "invalid", diagnostics: error.diagnostics };
    const { code, message }: NodeJS.ErrnoException =
      error instanceof Error ? error : new Error(String(error));
    return { kind: "failed", code: code ?? null, message, retryIn };
  }
}
