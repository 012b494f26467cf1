import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { sortDiagnostics } from "../diagnostic/sort-diagnostics.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import type { DesiredScope, DesiredState, Path } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import type { Merged } from "./layers.ts";
import { type ParsedOrg, parseManifests } from "./parse-manifests.ts";
import { type Place, reportTo } from "./place.ts";
import { type ReadCatalog, readCatalog } from "./read-catalog.ts";
import { checkClaims } from "./resolve/claims.ts";
import { layOverOrgs } from "./resolve/lay-over-org.ts";
import { resolveOrg } from "./resolve/org.ts";
import type { PlacedTest } from "./resolve/tests.ts";

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
  let done = 0;
  const progress = () => onProgress?.(++done, files.length * 2);
  const parsed = parseManifests(files, progress);
  const diagnostics = [...parsed.diagnostics];
  const read = readCatalog(parsed, diagnostics);
  return joinManifests(read, readOrgs(parsed.orgs, read, { diagnostics, onOrg: progress }), diagnostics);
}

/** Orgs resolved with a catalog, and how each was merged. */
export interface ReadOrgs {
  readonly desired: readonly DesiredScope[];
  readonly merged: ReadonlyMap<string, Merged>;
}

/** Checks orgs against each other and resolves them, sorted by slug; without a catalog they are only checked. */
export function readOrgs(
  orgs: readonly ParsedOrg[],
  read: ReadCatalog | null,
  { diagnostics, onOrg }: { readonly diagnostics: Diagnostic[]; readonly onOrg?: () => void },
): ReadOrgs {
  const report = reportTo(diagnostics);
  const sorted = [...layOverOrgs(orgs)].sort((a, b) => byCodeUnit(a.content.org, b.content.org));
  checkClaims(sorted, report);
  const merged = new Map<string, Merged>();
  if (!read) return { desired: [], merged };
  const desired = sorted.map((org) => {
    const resolved = resolveOrg(org, read.catalog, report);
    merged.set(org.content.org, resolved.merged);
    onOrg?.();
    return resolved.desired;
  });
  return { desired, merged };
}

/** The catalog and orgs as one state, with the places of both. */
export function joinManifests(
  read: ReadCatalog | null,
  { desired, merged }: ReadOrgs,
  diagnostics: readonly Diagnostic[],
): ReadManifests {
  return {
    desired: read && { catalog: read.desired, orgs: desired },
    tests: read?.tests ?? [],
    diagnostics: sortDiagnostics(diagnostics),
    place: (org, path) =>
      org === null ? (read?.place(path) ?? null) : (merged.get(org)?.place(path, "key") ?? null),
    merged: (org) => merged.get(org) ?? null,
  };
}
