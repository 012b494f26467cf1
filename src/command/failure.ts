import { printable } from "../diagnostic/printable.ts";
import { diagnosticsJson } from "../view/diagnostics-json.ts";
import { diagnosticsText } from "../view/diagnostics-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { FaultyEstates } from "./faulty-estates.ts";

/** What a command that was thrown out of ends with. */
export interface Failure {
  readonly exitCode: ExitCode;
  /** For people, on standard error. */
  readonly text: string;
  /** For programs, on standard output where they asked for data. */
  readonly data: object;
}

/** The exit codes of faults that have one of their own; all others are errors. */
const exitCodes: { readonly [code: string]: ExitCode } = {
  "plan-stale": exitCode.stale,
  "lock-held": exitCode.locked,
  "database-in-use": exitCode.locked,
  "outcome-unknown": exitCode.unknown,
};

/** Says what went wrong without a stack; TENANTRY_DEBUG=1 adds it for whoever wants to mend the program. */
export function failureOf(error: unknown, environment: NodeJS.ProcessEnv): Failure {
  if (error instanceof FaultyEstates) {
    return {
      exitCode: exitCode.error,
      text: diagnosticsText(error.diagnostics, { colour: false }),
      data: diagnosticsJson(error.diagnostics),
    };
  }
  const fault: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const { code, message, stack } = fault;
  const isKnown = code !== undefined && /^[a-z-]+$/.test(code);
  const said = message.split("\n").map(printable).join("\n  ");
  const lines = [
    isKnown ? `error[${code}] ${said}` : `error: ${said}`,
    ...(isKnown || code !== undefined
      ? []
      : ["This is a fault of tenantry's. Nothing was changed unless it says so above."]),
    ...(environment.TENANTRY_DEBUG ? [stack ?? ""] : []),
  ];
  return {
    exitCode: exitCodes[code ?? ""] ?? exitCode.error,
    text: `${lines.join("\n")}\n`,
    data: { error: { code: code ?? "fault", message } },
  };
}
