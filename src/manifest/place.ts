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

/** A place, or how to find it: of thousands of references only the few that are wrong are looked for. */
export type Placing = Place | (() => Place);

export interface PlacedNote {
  readonly message: string;
  readonly place: Placing;
}

/** Takes down a problem, and goes on. */
export type Report = (
  code: DiagnosticCode,
  place: Placing,
  detail: string,
  notes?: readonly PlacedNote[],
) => void;

export function spanOf(place: Place) {
  return locate(place.file, place.path, place.what);
}

function placeOf(place: Placing): Place {
  return typeof place === "function" ? place() : place;
}

/** A report that adds to a list of diagnostics. */
export function reportTo(diagnostics: Diagnostic[]): Report {
  return (code, place, detail, notes = []) => {
    const located = notes.map((note) => ({ message: note.message, at: spanOf(placeOf(note.place)) }));
    diagnostics.push(diagnostic(code, spanOf(placeOf(place)), detail, located));
  };
}
