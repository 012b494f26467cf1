import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { diagnostic } from "../diagnostic/diagnostic.ts";
import { sortDiagnostics } from "../diagnostic/sort-diagnostics.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import type { DesiredState, Path } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import { checkShape, type Manifest } from "./check-shape.ts";
import type { Merged } from "./layers.ts";
import { mergeCatalogs } from "./merge-catalogs.ts";
import { parseDocument } from "./parse-document.ts";
import { type Place, type Report, reportTo } from "./place.ts";
import { declareCatalog } from "./resolve/catalog.ts";
import { catalogResources } from "./resolve/catalog-resources.ts";
import { checkClaims } from "./resolve/claims.ts";
import { resolveOrg } from "./resolve/org.ts";
import { type PlacedTest, readTests } from "./resolve/tests.ts";

/** Everything that the manifests say. */
export interface ReadManifests {
  /** Null where there is no catalog to begin with. */
  readonly desired: DesiredState | null;
  readonly tests: readonly PlacedTest[];
  /** All problems of all files, sorted. With one of them, `desired` is no basis for a plan. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where a resource or a value of an org, or of the catalog, is declared. */
  readonly place: (org: string | null, path: Path) => Place | null;
  /** An org with its templates laid under it. */
  readonly merged: (org: string) => Merged | null;
}

export interface ReadOptions {
  /** Told the number of files and orgs done so far, after each. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Parses, checks and resolves manifests. Goes on after a problem, so that one run tells of all. */
export function readManifests(files: readonly SourceFile[], { onProgress }: ReadOptions = {}): ReadManifests {
  const diagnostics: Diagnostic[] = [];
  const report = reportTo(diagnostics);
  let done = 0;
  const manifests = files.flatMap((file) => {
    const manifest = readFile(file, diagnostics, report);
    onProgress?.(++done, files.length * 2);
    return manifest ?? [];
  });
  const catalogs = manifests.filter((manifest) => manifest.kind === "catalog");
  const orgs = manifests
    .filter((manifest) => manifest.kind === "org")
    .sort((a, b) => byCodeUnit(a.content.org, b.content.org));
  checkClaims(orgs, report);
  const [first, ...others] = catalogs;
  if (!first) {
    const hasFailed = files.length > manifests.length || files.length === 0;
    if (!hasFailed) {
      diagnostics.push(
        diagnostic(
          "no-catalog",
          null,
          "No file declares a catalog. Begin with catalog.yaml: catalog: <name>.",
        ),
      );
    }
    return {
      desired: null,
      tests: [],
      diagnostics: sortDiagnostics(diagnostics),
      place: () => null,
      merged: () => null,
    };
  }
  const merged = mergeCatalogs([first, ...others], report);
  const broken = new Set(catalogs.flatMap((manifest) => [...manifest.broken]));
  const isIncomplete = catalogs.some(({ isPartial }) => isPartial) || isCatalogIncomplete(files, manifests);
  const catalog = declareCatalog(merged, broken, isIncomplete);
  const resources = catalogResources(catalog, report);
  const tests = readTests(catalog, report);
  const byOrg = new Map<string, Merged>();
  const desired = orgs.map((org) => {
    const resolved = resolveOrg(org, catalog, report);
    byOrg.set(org.content.org, resolved.merged);
    onProgress?.(++done, files.length * 2);
    return resolved.desired;
  });
  const fileOf = fileOfEntry(merged);
  return {
    desired: {
      catalog: {
        org: null,
        previously: [],
        resources,
        sections: new Set(["catalog", ...merged.written]),
        authoritative: new Map(),
        released: new Set(),
      },
      orgs: desired,
    },
    tests,
    diagnostics: sortDiagnostics(diagnostics),
    place: (org, path) =>
      org === null ? { file: fileOf(path), path, what: "key" } : (byOrg.get(org)?.place(path, "key") ?? null),
    merged: (org) => byOrg.get(org) ?? null,
  };
}

/** Faults of a document by which names are lost that something else may refer to. */
const losesNames = new Set<DiagnosticCode>(["bad-key", "quote-this", "yaml-feature"]);

function readFile(file: SourceFile, diagnostics: Diagnostic[], report: Report) {
  const document = parseDocument(file);
  diagnostics.push(...document.diagnostics);
  const manifest = document.value === undefined ? null : checkShape(file, document.value, report);
  return (
    manifest && { ...manifest, isPartial: document.diagnostics.some(({ code }) => losesNames.has(code)) }
  );
}

/** A file that could not be read may be one of the catalog's: then nothing counts as undeclared. */
function isCatalogIncomplete(files: readonly SourceFile[], manifests: readonly Manifest[]): boolean {
  const read = new Set(manifests.map(({ file }) => file));
  return files.some((file) => !read.has(file) && !/^org\s*:/m.test(file.text));
}

/** Which of the catalog's files a path of it leads into. */
function fileOfEntry(merged: ReturnType<typeof mergeCatalogs>): (path: Path) => SourceFile {
  return ([section, ...rest]) => {
    if (section === "products" || section === "guards" || section === "policy")
      return merged[section]?.file ?? merged.file;
    const name = section === "attributes" ? `${rest[0]}.${rest[1]}` : String(rest[0]);
    const entries = Object.hasOwn(merged.sections, section ?? "")
      ? merged.sections[section as keyof typeof merged.sections]
      : undefined;
    return entries?.get(name)?.file ?? merged.file;
  };
}
