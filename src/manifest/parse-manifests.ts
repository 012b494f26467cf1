import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import { checkShape, type Manifest } from "./check-shape.ts";
import { parseDocument } from "./parse-document.ts";
import { reportTo } from "./place.ts";

/** A manifest whose fields have the right form; `isPartial`: names in it could not be read. */
export type ParsedManifest = Manifest & { readonly isPartial: boolean };
export type ParsedOrg = Extract<ParsedManifest, { kind: "org" }>;
export type ParsedCatalog = Extract<ParsedManifest, { kind: "catalog" }>;

export interface ParsedManifests {
  readonly catalogs: readonly ParsedCatalog[];
  readonly orgs: readonly ParsedOrg[];
  /** A file that could not be read may be one of the catalog's: then nothing counts as undeclared. */
  readonly mayLackCatalog: boolean;
  readonly hasFailed: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses files and checks their form, each by itself. Goes on after a problem, so that one run tells of all. */
export function parseManifests(files: readonly SourceFile[], onFile?: () => void): ParsedManifests {
  const diagnostics: Diagnostic[] = [];
  const manifests = files.flatMap((file) => {
    const manifest = parse(file, diagnostics);
    onFile?.();
    return manifest ?? [];
  });
  const read = new Set(manifests.map(({ file }) => file));
  return {
    catalogs: manifests.filter((manifest) => manifest.kind === "catalog"),
    orgs: manifests.filter((manifest) => manifest.kind === "org"),
    mayLackCatalog: files.some((file) => !read.has(file) && !/^org\s*:/m.test(file.text)),
    hasFailed: manifests.length < files.length,
    diagnostics,
  };
}

/** Faults of a document by which names are lost that something else may refer to. */
const losesNames = new Set<DiagnosticCode>(["bad-key", "quote-this", "yaml-feature"]);

function parse(file: SourceFile, diagnostics: Diagnostic[]): ParsedManifest | null {
  const document = parseDocument(file);
  diagnostics.push(...document.diagnostics);
  const manifest =
    document.value === undefined ? null : checkShape(file, document.value, reportTo(diagnostics));
  return (
    manifest && { ...manifest, isPartial: document.diagnostics.some(({ code }) => losesNames.has(code)) }
  );
}
