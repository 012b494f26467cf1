import { type DiagnosticCode, summaries } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { positionOf } from "../diagnostic/position.ts";
import { sortDiagnostics } from "../diagnostic/sort-diagnostics.ts";
import type { Span } from "../diagnostic/span.ts";
import { hideSecrets } from "../manifest/hide-secrets.ts";

/** Diagnostics as scripts read them. Fields may be added to a version of the format, and are never taken away. */
export interface DiagnosticsJson {
  readonly format: "tenantry/diagnostics/v1";
  readonly diagnostics: readonly DiagnosticJson[];
}

export interface DiagnosticJson extends PlaceJson {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly detail: string;
  readonly notes: readonly (PlaceJson & { readonly message: string })[];
}

/** Lines and columns count from 1, columns in UTF-16 code units; the end is the first column after it. Null where there is no place. */
export interface PlaceJson {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

/** The same as `diagnosticsText`, in the same order, as data. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): DiagnosticsJson {
  return {
    format: "tenantry/diagnostics/v1",
    diagnostics: hideSecrets(sortDiagnostics(diagnostics)).map(({ code, at, detail, notes }) => ({
      ...placeJson(at),
      code,
      summary: summaries[code],
      detail,
      notes: notes.map((note) => ({ ...placeJson(note.at), message: note.message })),
    })),
  };
}

function placeJson(at: Span | null): PlaceJson {
  const start = at && at.file.text !== "" ? positionOf(at.file, at.start) : null;
  const end = at && start ? positionOf(at.file, at.end) : null;
  return {
    file: at?.file.path ?? null,
    line: start?.line ?? null,
    column: start?.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
  };
}
