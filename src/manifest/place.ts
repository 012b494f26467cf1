import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { type Diagnostic, diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import type { Path } from "../model/state.ts";
import { locate } from "./locate.ts";

/** A place in a manifest, found in the file's text only when somebody has to see it. */
export interface Place {
  readonly file: SourceFile;
  readonly path: Path;
  /** The name of the entry, or what stands behind it. */
  readonly what: "key" | "value";
}

export interface PlacedNote {
  readonly message: string;
  readonly place: Place;
}

/** Takes down a problem, and goes on. */
export type Report = (
  code: DiagnosticCode,
  place: Place,
  detail: string,
  notes?: readonly PlacedNote[],
) => void;

export function spanOf(place: Place) {
  return locate(place.file, place.path, place.what);
}

/** A report that adds to a list of diagnostics. */
export function reportTo(diagnostics: Diagnostic[]): Report {
  return (code, place, detail, notes = []) => {
    const located = notes.map((note) => ({ message: note.message, at: spanOf(note.place) }));
    diagnostics.push(diagnostic(code, spanOf(place), detail, located));
  };
}
