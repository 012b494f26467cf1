import type { DiagnosticCode } from "./codes.ts";
import type { Span } from "./span.ts";

/** A problem in the input: what it is, where, why, and what to do about it. */
export interface Diagnostic {
  readonly kind: "diagnostic";
  readonly code: DiagnosticCode;
  /** The place; null where there is none, as for a missing directory. */
  readonly at: Span | null;
  /** What is wrong with this input, and the fix, in sentences. May quote the input, but never a secret. */
  readonly detail: string;
  /** Other places that belong to it: where the first of two stands, where the near name is declared. */
  readonly notes: readonly Note[];
}

export interface Note {
  readonly message: string;
  readonly at: Span | null;
}

export function diagnostic(
  code: DiagnosticCode,
  at: Span | null,
  detail: string,
  notes: readonly Note[] = [],
): Diagnostic {
  return { kind: "diagnostic", code, at, detail, notes };
}
