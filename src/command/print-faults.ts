import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { diagnosticsJson } from "../view/diagnostics-json.ts";
import { diagnosticsText } from "../view/diagnostics-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Prints what is wrong with the manifests, and returns the exit code that says so. */
export function printFaults(
  diagnostics: readonly Diagnostic[],
  { json }: { readonly json: boolean },
  terminal: Terminal,
): ExitCode {
  if (json) terminal.out(`${JSON.stringify(diagnosticsJson(diagnostics), null, 2)}\n`);
  else terminal.talk(diagnosticsText(diagnostics, { colour: terminal.talkColour }));
  const onlyTests = diagnostics.every(({ code }) => code === "failing-test");
  return onlyTests ? exitCode.refused : exitCode.error;
}
