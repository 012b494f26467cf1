import type { Books } from "../database/read-books.ts";
import { type FoundFile, sourceDigest } from "../manifest/found-file.ts";

/** Why an org is looked at. */
export type LookReason = "source" | "rows" | "due" | "catalog" | "refresh";

/** An org whose files are as they were last applied. */
export interface KnownOrg {
  readonly books: Books;
  readonly files: readonly FoundFile[];
}

/** What a plan has to look at, told from digests and counters alone. */
export interface Choice {
  /** Files that were the catalog's when it was last applied. */
  readonly catalogFiles: readonly FoundFile[];
  /** Whether the catalog's files, its rows or the time have to be looked at. */
  readonly isCatalogDue: boolean;
  /** Files that are new or changed, and those that belong to the same org. */
  readonly changedFiles: readonly FoundFile[];
  readonly known: readonly KnownOrg[];
  /** Of the known orgs those that have to be looked at all the same. */
  readonly due: ReadonlyMap<KnownOrg, LookReason>;
}

export interface ChoiceInputs {
  readonly files: readonly FoundFile[];
  readonly catalog: Books;
  readonly orgs: readonly Books[];
  /** Where the catalog was last read from. */
  readonly catalogPaths: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Takes no short cut. */
  readonly refresh: boolean;
}

/**
 * An org's files bear its slug, so that they are found without being read. An org is as it was where their digest is,
 * where no transaction but an apply moved its counter, and where nothing of it has lapsed since.
 */
export function chooseOrgs({ files, catalog, orgs, catalogPaths, now, refresh }: ChoiceInputs): Choice {
  const catalogFiles = files.filter(({ below }) => catalogPaths.has(below));
  const bySlug = new Map<string, FoundFile[]>();
  for (const file of files) {
    if (catalogPaths.has(file.below)) continue;
    const slug = stemOf(file.below);
    const alike = bySlug.get(slug);
    if (alike) alike.push(file);
    else bySlug.set(slug, [file]);
  }
  const known: KnownOrg[] = [];
  const due = new Map<KnownOrg, LookReason>();
  if (!refresh) {
    for (const books of orgs) {
      const found = books.slug === null ? undefined : bySlug.get(books.slug);
      if (!found || books.sourceDigest !== sourceDigest(found)) continue;
      bySlug.delete(books.slug as string);
      const org = { books, files: found };
      known.push(org);
      if (isMoved(books)) due.set(org, "rows");
      else if (isDue(books, now)) due.set(org, "due");
    }
  }
  const changedFiles = [...bySlug.values()].flat();
  const isCatalogDue =
    refresh || catalog.sourceDigest !== sourceDigest(catalogFiles) || isMoved(catalog) || isDue(catalog, now);
  return { catalogFiles, isCatalogDue, changedFiles, known, due };
}

export function isMoved({ counter, appliedCounter }: Books): boolean {
  return counter !== appliedCounter;
}

export function isDue({ nextDue }: Books, now: number): boolean {
  return nextDue !== null && nextDue <= now;
}

/** The slug of the org that a file declares, if it declares one: another name for it is an error. */
function stemOf(below: string): string {
  return below.slice(below.lastIndexOf("/") + 1).replace(/\.ya?ml$/i, "");
}
