import { type Diagnostic, diagnostic } from "../diagnostic/diagnostic.ts";
import { nearName } from "../diagnostic/near-name.ts";
import type { DiscoveredEstates } from "./discover-estates.ts";
import { spanOf } from "./place.ts";
import type { EstateDeclaration, ReadEstates } from "./read-estates.ts";

/** The estate to work on. */
export interface ChosenEstate {
  /** Null where none is declared, and where there are diagnostics. */
  readonly estate: EstateDeclaration | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The estate that is asked for, else the only one. `read` is null where there is no `estate.yaml`. */
export function chooseEstate(read: ReadEstates | null, asked: string | undefined): ChosenEstate {
  if (read === null) return asked === undefined ? none([]) : none([undeclared(asked)]);
  const { estates, file, diagnostics } = read;
  const names = estates.map(({ name }) => name);
  if (diagnostics.length > 0) return none(diagnostics);
  const at = () => spanOf({ file, path: ["estates"], what: "key" });
  const [first, ...others] = estates;
  const estate =
    asked === undefined && others.length === 0 ? first : estates.find(({ name }) => name === asked);
  if (estate) return { estate, diagnostics: [] };
  if (asked === undefined) {
    const choices = estates.map(({ name, description }) => (description ? `${name} (${description})` : name));
    const detail = `Say with --estate which one it is: ${choices.join(", ")}.`;
    return none([diagnostic("which-estate", at(), detail)]);
  }
  const near = nearName(asked, names);
  const help =
    near === undefined
      ? `There ${names.length === 1 ? "is" : "are"}: ${names.join(", ")}.`
      : `Did you mean "${near}"?`;
  const detail = `"${asked}" is not declared. ${help}`;
  return none([diagnostic("unknown-estate", at(), detail)]);
}

/** Reports what stands in `overlays/` and belongs to no estate: nobody would ever read it. */
export function checkOverlays(
  read: ReadEstates | null,
  overlays: DiscoveredEstates["overlays"],
): readonly Diagnostic[] {
  const names = read?.estates.map(({ name }) => name) ?? [];
  return overlays.flatMap(({ name, path }) => {
    if (names.includes(name)) return [];
    const near = nearName(name, names);
    const help = near === undefined ? "" : ` Did you mean "${near}"?`;
    const detail = read
      ? `"${name}" is not declared in estate.yaml, so that nothing of it is ever read.${help}`
      : "There is no estate.yaml that declares an estate of that name. Write one beside the catalog.";
    return diagnostic("unknown-estate", { file: { path, text: "" }, start: 0, end: 0 }, detail);
  });
}

function none(diagnostics: readonly Diagnostic[]): ChosenEstate {
  return { estate: null, diagnostics };
}

function undeclared(asked: string): Diagnostic {
  const detail = `There is no estate.yaml that declares "${asked}". Write one beside the catalog, or leave --estate away.`;
  return diagnostic("unknown-estate", null, detail);
}
