import { type LoadedManifests, loadManifests } from "../reconcile/load-manifests.ts";
import { diagnosticsJson } from "../view/diagnostics-json.ts";
import { diagnosticsText } from "../view/diagnostics-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export interface LoadOptions {
  readonly dir: string;
  readonly json: boolean;
}

/** Reads the manifests, or prints what is wrong with them and returns the exit code that says so. */
export function load({ dir, json }: LoadOptions, terminal: Terminal): LoadedManifests | ExitCode {
  const progress = terminal.progress("Reading manifests");
  const loaded = loadManifests(dir, { now: new Date(), onProgress: progress.update });
  progress.stop();
  if (loaded.diagnostics.length === 0) return loaded;
  if (json) terminal.out(`${JSON.stringify(diagnosticsJson(loaded.diagnostics), null, 2)}\n`);
  else terminal.talk(diagnosticsText(loaded.diagnostics, { colour: terminal.talkColour }));
  const onlyTests = loaded.diagnostics.every(({ code }) => code === "failing-test");
  return onlyTests ? exitCode.refused : exitCode.error;
}
