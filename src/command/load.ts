import { type LoadedManifests, loadManifests } from "../reconcile/load-manifests.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { printFaults } from "./print-faults.ts";
import type { Terminal } from "./terminal.ts";

export interface LoadOptions {
  readonly dir: string;
  readonly estate?: string | undefined;
  readonly json: boolean;
}

/** Reads the manifests, or prints what is wrong with them and returns the exit code that says so. */
export function load({ dir, estate, json }: LoadOptions, terminal: Terminal): LoadedManifests | ExitCode {
  const progress = terminal.progress("Reading manifests");
  const loaded = loadManifests(dir, { now: new Date(), estate, onProgress: progress.update });
  progress.stop();
  if (loaded.diagnostics.length === 0) return loaded;
  return printFaults(loaded.diagnostics, { json, nothing: exitCode.error }, terminal);
}
