import { readCatalog as readActualCatalog, readOrgs as readActualOrgs } from "../database/read-actual.ts";
import type { Books } from "../database/read-books.ts";
import { readBooks } from "../database/read-books.ts";
import { type Estate, readEstate } from "../database/read-estate.ts";
import { readSourcePaths } from "../database/read-sources.ts";
import type { Transaction } from "../database/transaction.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { catalogClosure } from "../manifest/catalog-closure.ts";
import type { FoundFile } from "../manifest/found-file.ts";
import { parseManifests } from "../manifest/parse-manifests.ts";
import { type ReadCatalog, readCatalog } from "../manifest/read-catalog.ts";
import { joinManifests, type ReadManifests, type ReadOrgs, readOrgs } from "../manifest/read-manifests.ts";
import { sectionNames } from "../manifest/schema/org-schema.ts";
import { type ActualState, catalogId, type DesiredScope, type DesiredState } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import type { Looked } from "../plan/plan.ts";
import { baselineOfCatalog, baselinesOf, type SourceNote } from "./baselines.ts";
import { type Choice, chooseOrgs, isDue, type KnownOrg, type LookReason } from "./choose-orgs.ts";
import { changedByCatalog, contested, noneChanged, parseKnown } from "./known-orgs.ts";

/** What a plan is made of: only what may differ, with all that stands about it. */
export interface Gathered {
  readonly estate: Estate;
  /** null where nothing has to be looked at: the estate is as it was last applied. */
  readonly states: GatheredStates | null;
  /** Orgs that the manifests declare. */
  readonly orgCount: number;
  /** The orgs that are there and were not read. */
  readonly others: readonly Books[];
  readonly looked: Looked;
}

export interface GatheredStates {
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly manifests: ReadManifests;
  readonly catalog: ReadCatalog | null;
  /** What apply is to note of each scope, but for when it is next due; by slug, the catalog under null. */
  readonly baselines: ReadonlyMap<string | null, SourceNote>;
  /** The catalog's files and the orgs' are right in themselves and together. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface GatherOptions {
  readonly files: readonly FoundFile[];
  readonly now: Date;
  /** Looks at everything. */
  readonly refresh: boolean;
  /** Orgs that no manifest declares are looked at whatever they are. */
  readonly undeclared: "if managed" | "all";
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const month = 30 * 24 * 60 * 60 * 1_000;

/** Looks at what may differ from the manifests, and at nothing else; in one snapshot of the database. */
export async function gatherStates(transaction: Transaction, options: GatherOptions): Promise<Gathered> {
  const { files, refresh } = options;
  const now = options.now.getTime();
  const estate = await readEstate(transaction);
  const { catalog: catalogBooks, orgs } = await readBooks(transaction);
  const catalogPaths = new Set(await readSourcePaths(transaction, catalogId));
  const choice = chooseOrgs({ files, catalog: catalogBooks, orgs, catalogPaths, now, refresh });
  const rest = (looked: ReadonlyMap<string, LookReason>, unmanagedSections = 0) => ({
    others: orgs.filter(({ orgId }) => !looked.has(orgId)),
    looked: lookedAt(looked, orgs, { now, unmanagedSections }),
  });
  const isQuiet = !choice.isCatalogDue && choice.changedFiles.length === 0 && choice.due.size === 0;
  if (isQuiet && options.undeclared === "if managed") {
    const declared = new Set(choice.known.map(({ books }) => books));
    if (!orgs.some((books) => isAbandoned(books, now) && !declared.has(books)))
      return { estate, states: null, orgCount: choice.known.length, ...rest(new Map()) };
  }
  const read = await readDesired(transaction, choice, { ...options, closure: catalogBooks.desiredDigest });
  const { listed, looked } = findRows(read, orgs, { ...options, now });
  const actual: ActualState = {
    ...estate,
    catalog: await readActualCatalog(transaction),
    orgs: await readActualOrgs(transaction, listed, options),
  };
  const unmanaged = read.desired.reduce((sum, scope) => sum + unmanagedSections(scope), 0);
  return {
    estate,
    states: {
      desired: { catalog: read.catalog?.desired ?? noCatalog, orgs: read.desired },
      actual,
      manifests: read.manifests,
      catalog: read.catalog,
      baselines: read.baselines,
      diagnostics: read.diagnostics,
    },
    orgCount: read.orgCount,
    ...rest(looked, unmanaged),
  };
}

interface ReadDesired {
  readonly catalog: ReadCatalog | null;
  /** The orgs whose rows have to be looked at. */
  readonly desired: readonly DesiredScope[];
  readonly reasons: ReadonlyMap<string, LookReason>;
  /** Slugs that some manifest declares, looked at or not. */
  readonly declared: ReadonlySet<string>;
  readonly orgCount: number;
  readonly manifests: ReadManifests;
  readonly baselines: GatheredStates["baselines"];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the catalog, what is new, and of what is known only what the catalog, the rows or the time may have changed. */
async function readDesired(
  transaction: Transaction,
  choice: Choice,
  { refresh, onProgress, closure }: GatherOptions & { readonly closure: string | null },
): Promise<ReadDesired> {
  const { catalogFiles, changedFiles, known, due } = choice;
  let done = 0;
  const progress = () => onProgress?.(++done, catalogFiles.length + changedFiles.length);
  const parsed = parseManifests([...catalogFiles, ...changedFiles], progress);
  const diagnostics = [...parsed.diagnostics];
  const catalog = readCatalog(parsed, diagnostics);
  const closureNow = catalog && catalogClosure(catalog.catalog);
  const isReached = catalog !== null && closureNow !== closure;
  const changed = isReached
    ? await changedByCatalog(transaction, known, { catalog, diagnostics })
    : noneChanged;
  const rivals = await contested(transaction, parsed.orgs, known);
  // Those that claim the same as others are looked at with them, so that both places are told.
  const isResolved = (org: KnownOrg) => changed.orgs.has(org) && !rivals.includes(org);
  const looked = new Map<KnownOrg, LookReason>([
    ...rivals.map((org) => [org, "source"] as const),
    ...[...changed.orgs].map((org) => [org, "catalog"] as const),
    ...due,
  ]);
  const rest = [...looked.keys()].filter((org) => !isResolved(org));
  const again = await parseKnown(transaction, rest, diagnostics);
  const isAgain = new Set(again.map(({ content }) => content.org));
  const orgs = withResolved(readOrgs([...parsed.orgs, ...again], catalog, { diagnostics }), changed);
  const slugs = new Map([...looked].map(([{ books }, reason]) => [books.slug, reason]));
  return {
    catalog,
    desired: orgs.desired,
    reasons: new Map(
      orgs.desired.map(({ org }) => [org ?? "", slugs.get(org) ?? (refresh ? "refresh" : "source")]),
    ),
    declared: new Set([
      ...known.flatMap(({ books }) => books.slug ?? []),
      ...parsed.orgs.map(({ content }) => content.org),
    ]),
    orgCount: known.length + new Set(parsed.orgs.map(({ content }) => content.org)).size,
    manifests: joinManifests(catalog, orgs, diagnostics),
    baselines: new Map([
      [null, baselineOfCatalog(parsed.catalogs, closureNow)],
      ...baselinesOf(
        orgs.desired,
        [...parsed.orgs, ...again, ...changed.parsed.filter(({ content }) => !isAgain.has(content.org))],
        changedFiles,
      ),
    ]),
    diagnostics,
  };
}

/** Orgs with those that were resolved before, sorted by slug. */
function withResolved({ desired, merged }: ReadOrgs, changed: ReadOrgs): ReadOrgs {
  const others = changed.desired.filter(({ org }) => !merged.has(org ?? ""));
  return {
    desired: [...desired, ...others].sort((a, b) => byCodeUnit(a.org ?? "", b.org ?? "")),
    merged: new Map([...changed.merged, ...merged]),
  };
}

/** Which orgs' rows have to be read: of those looked at, under their names and earlier ones, and of those that nobody declares. */
function findRows(
  { desired, reasons, declared }: ReadDesired,
  orgs: readonly Books[],
  { now, undeclared }: { readonly now: number; readonly undeclared: GatherOptions["undeclared"] },
) {
  const wanted = new Map<string, LookReason>();
  for (const scope of desired) {
    const reason = reasons.get(scope.org ?? "") ?? "source";
    for (const slug of [scope.org ?? "", ...scope.previously]) wanted.set(slug, reason);
  }
  const looked = new Map<string, LookReason>();
  const listed = orgs.flatMap((books) => {
    const { orgId: id, slug, counter } = books;
    if (slug === null) return [];
    const isLeft = !declared.has(slug) && (undeclared === "all" ? books.isManaged : isAbandoned(books, now));
    const reason = wanted.get(slug) ?? (isLeft ? "source" : undefined);
    if (reason === undefined) return [];
    looked.set(id, reason);
    return { id, slug, counter };
  });
  return { listed, looked };
}

/** Whether an org, if no manifest declares it, has to be spoken of: it was made by one, and did not end. */
function isAbandoned(books: Books, now: number): boolean {
  if (!books.isManaged) return false;
  return (books.status !== "archived" && books.status !== "deleted") || isDue(books, now);
}

function lookedAt(
  looked: ReadonlyMap<string, LookReason>,
  orgs: readonly Books[],
  { now, unmanagedSections }: { readonly now: number; readonly unmanagedSections: number },
): Looked {
  const because = { source: 0, rows: 0, due: 0, catalog: 0, refresh: 0 };
  for (const reason of looked.values()) because[reason]++;
  const dueElsewhere = orgs.filter(
    ({ orgId, nextDue }) => !looked.has(orgId) && nextDue !== null && nextDue <= now + month,
  ).length;
  return { orgs: looked.size, because, unmanagedSections, dueElsewhere };
}

function unmanagedSections({ sections, released }: DesiredScope): number {
  return sectionNames.filter((name) => !sections.has(name) && !released.has(name)).length;
}

const noCatalog: DesiredScope = {
  org: null,
  previously: [],
  resources: [],
  sections: new Set(),
  authoritative: new Map(),
  released: new Set(),
};
