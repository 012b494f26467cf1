import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import type { DesiredScope, Path } from "../model/state.ts";
import { mergeCatalogs } from "./merge-catalogs.ts";
import type { ParsedManifests } from "./parse-manifests.ts";
import { type Place, reportTo } from "./place.ts";
import { type Catalog, declareCatalog } from "./resolve/catalog.ts";
import { catalogResources } from "./resolve/catalog-resources.ts";
import { type PlacedTest, readTests } from "./resolve/tests.ts";

/** All that the catalog's files say together. */
export interface ReadCatalog {
  /** What orgs refer to. */
  readonly catalog: Catalog;
  readonly desired: DesiredScope;
  readonly tests: readonly PlacedTest[];
  readonly place: (path: Path) => Place;
}

/** Merges the catalog's files and resolves what they declare; null where there is none to begin with. */
export function readCatalog(parsed: ParsedManifests, diagnostics: Diagnostic[]): ReadCatalog | null {
  const { catalogs, orgs, hasFailed, mayLackCatalog } = parsed;
  const [first, ...others] = catalogs;
  if (!first) {
    if (!hasFailed && orgs.length > 0) {
      const detail = "No file declares a catalog. Begin with catalog.yaml: catalog: <name>.";
      diagnostics.push(diagnostic("no-catalog", null, detail));
    }
    return null;
  }
  const report = reportTo(diagnostics);
  const merged = mergeCatalogs([first, ...others], report);
  const broken = new Set(catalogs.flatMap((manifest) => [...manifest.broken]));
  const isIncomplete = catalogs.some(({ isPartial }) => isPartial) || mayLackCatalog;
  const catalog = declareCatalog(merged, broken, isIncomplete);
  const resources = catalogResources(catalog, report);
  const tests = readTests(catalog, report);
  const fileOf = fileOfEntry(merged);
  return {
    catalog,
    desired: {
      org: null,
      previously: [],
      resources,
      sections: new Set(["catalog", ...merged.written]),
      authoritative: new Map(),
      released: new Set(),
    },
    tests,
    place: (path) => ({ file: fileOf(path), path, what: "key" }),
  };
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
