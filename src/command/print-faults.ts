import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { diagnosticsJson } from "../view/diagnostics-json.ts";
import { diagnosticsText } from "../view/diagnostics-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export interface FaultOptions {
  readonly json: boolean;
  /** What it means that there is nothing to read: a plan refuses, and for what only reads it is an error like others. */
  readonly nothing?: ExitCode;
}

/** Prints what is wrong with the manifests, and returns the exit code that says so. */
export function printFaults(
  diagnostics: readonly Diagnostic[],
  { json, nothing = exitCode.refused }: FaultOptions,
  terminal: Terminal,
): ExitCode {
  if (json) terminal.out(`${JSON.stringify(diagnosticsJson(diagnostics), null, 2)}\n`);
  else terminal.talk(diagnosticsText(diagnostics, { colour: terminal.talkColour }));
  if (diagnostics.every(({ code }) => code === "failing-test")) return exitCode.refused;
  return diagnostics.every(({ code }) => unread.has(code)) ? nothing : exitCode.error;
}

/** Nothing to read, or nothing that can be read, is never taken for "remove everything". */
const unread: ReadonlySet<DiagnosticCode> = new Set(["no-manifests", "unreadable-file"]);
