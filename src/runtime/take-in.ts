import { setImmediate } from "node:timers/promises";
import { findOrgs, type ReadMark, readChangesSince, readMark } from "../database/read-changes.ts";
import {
  type KeysOfRows,
  type OrgToRead,
  type PackedOrgs,
  readDecisionCatalog,
  readDecisionRows,
  unpackOrgs,
} from "../database/read-decision-rows.ts";
import type { Transaction } from "../database/transaction.ts";
import { compileCatalog } from "../decision/compile-catalog.ts";
import { compileOrgRows } from "../decision/compile-org.ts";
import type { CatalogSnapshot, OrgSnapshot } from "../decision/snapshot.ts";
import { catalogId } from "../model/state.ts";
import { EstateBehind } from "./estate-behind.ts";
import type { EstateChange } from "./live-estate.ts";
import { allOrgs, type OrgStore, usedOrgs } from "./org-store.ts";

/** An estate in memory. */
export interface Memory {
  /** null: nothing was read yet. */
  mark: ReadMark | null;
  /** What the last look found changed: the same again is nothing new. */
  changes: ReadonlyMap<string, string>;
  catalog: CompiledCatalog | null;
  readonly orgs: OrgStore;
  /** What is known may be of another server's past: the next look has to read everything. */
  isInDoubt: boolean;
  /** When the last look began, in milliseconds since 1970. */
  seenAt: number;
}

interface CompiledCatalog {
  readonly snapshot: CatalogSnapshot;
  readonly keys: KeysOfRows;
}

export function emptyMemory(maxOrgs: number | undefined): Memory {
  return {
    mark: null,
    changes: new Map(),
    catalog: null,
    orgs: maxOrgs === undefined ? allOrgs() : usedOrgs(maxOrgs),
    isInDoubt: true,
    seenAt: 0,
  };
}

/** What a look came to. */
export interface TakenIn {
  /** null: nothing changed. */
  readonly change: EstateChange | null;
  /** The orgs that were wanted, by slug; null: there is none. They may not be held any more. */
  readonly found: ReadonlyMap<string, OrgSnapshot | null>;
}

/**
 * Brings an estate in memory to where the transaction sees the database, and finds the wanted orgs. Each org is replaced
 * whole, with the catalog that it was compiled with. If it fails, what was replaced is newer than the mark says, and the
 * next look reads it again. Throws `EstateBehind` where the database knows less than was read before.
 */
export async function takeIn(
  memory: Memory,
  transaction: Transaction,
  wanted: readonly string[],
): Promise<TakenIn> {
  const { mark, continues } = await readMark(transaction, memory.mark);
  assertNotBehind(memory, mark, continues);
  const changes =
    memory.mark && continues && !memory.isInDoubt ? await readChangesSince(transaction, memory.mark) : null;
  const changed = new Set(
    [...(changes ?? [])].flatMap(([id, counter]) => (memory.changes.get(id) === counter ? [] : [id])),
  );
  const isAll = !memory.catalog || !changes || changed.delete(catalogId);
  const catalog = memory.catalog && !isAll ? memory.catalog : await readCatalog(transaction);
  const parts = { catalog, changed: isAll ? null : changed, wanted };
  const { slugs, found } = await takeInOrgs(memory.orgs, transaction, parts);
  const hasMoved = slugs === null || slugs.size > 0 || mark.revision !== memory.mark?.revision;
  Object.assign(memory, { mark, catalog, changes: changes ?? new Map(), isInDoubt: false });
  return { change: hasMoved ? { revision: mark.revision, slugs } : null, found };
}

function assertNotBehind(memory: Memory, mark: ReadMark, continues: boolean): void {
  const known = memory.mark;
  if (mark.epoch === known?.epoch && mark.revision < known.revision) {
    memory.isInDoubt = true;
    throw new EstateBehind(`is at revision ${mark.revision}, and ${known.revision} was read from it before`);
  }
  // A replica that lags behind another. Where all is read anyway, this server is the one to believe.
  if (known && continues && !memory.isInDoubt && BigInt(mark.next) < BigInt(known.next))
    throw new EstateBehind("lacks transactions that were read from it before");
}

async function readCatalog(transaction: Transaction): Promise<CompiledCatalog> {
  const { resources, keys } = await readDecisionCatalog(transaction);
  return { snapshot: compileCatalog(resources), keys };
}

interface ToTakeIn {
  readonly catalog: CompiledCatalog;
  /** The ids of the orgs that changed; null: all may have. */
  readonly changed: ReadonlySet<string> | null;
  readonly wanted: readonly string[];
}

/** Gives the slugs that the changed orgs have now, or had while they were held; null: any. */
async function takeInOrgs(
  orgs: OrgStore,
  transaction: Transaction,
  { catalog, changed, wanted }: ToTakeIn,
): Promise<{ readonly slugs: ReadonlySet<string> | null; readonly found: TakenIn["found"] }> {
  const found = new Map<string, OrgSnapshot | null>();
  for (const slug of wanted) {
    const held = orgs.get(slug);
    found.set(slug, held && changed && !changed.has(held.id ?? "") ? held : null);
  }
  const missing = [...found.keys()].filter((slug) => found.get(slug) === null);
  if (changed?.size === 0 && missing.length === 0) return { slugs: new Set(), found };
  if (changed?.size !== 0) orgs.forgetNone();
  const held = orgs.ids().filter((id) => changed?.has(id) ?? true);
  const before = held.flatMap((id) => orgs.slugOf(id) ?? []);
  const readsAll = changed === null && orgs.holdsAll;
  const there = await findOrgs(
    transaction,
    readsAll ? undefined : { ids: changed ? [...changed] : held, slugs: missing },
  );
  const isHeld = new Set(held);
  const isMissing = new Set(missing);
  const isToRead = ({ id, slug }: OrgToRead) => orgs.holdsAll || isHeld.has(id) || isMissing.has(slug);
  const take = (org: OrgSnapshot) => {
    orgs.put(org);
    if (isMissing.has(org.slug)) found.set(org.slug, org);
  };
  await load(transaction, { catalog, take, orgs: inOrder(there.filter(isToRead), held) });
  orgs.settle();
  const isThere = new Set(there.map(({ id }) => id));
  for (const id of held) if (!isThere.has(id)) orgs.drop(id);
  for (const slug of missing) if (found.get(slug) === null) orgs.putNone(slug);
  if (!changed) return { slugs: null, found };
  const after = there.flatMap(({ id, slug }) => (changed.has(id) ? [slug] : []));
  return { slugs: new Set([...before, ...after]), found };
}

/** Those held keep their order of use, and those that are new come last. */
function inOrder(orgs: readonly OrgToRead[], held: readonly string[]): readonly OrgToRead[] {
  const place = new Map(held.map((id, index) => [id, index]));
  const placeOf = ({ id }: OrgToRead) => place.get(id) ?? held.length;
  return [...orgs].sort((a, b) => placeOf(a) - placeOf(b));
}

interface ToLoad {
  readonly catalog: CompiledCatalog;
  readonly orgs: readonly OrgToRead[];
  readonly take: (org: OrgSnapshot) => void;
}

/** So many orgs are read at a time: few enough that answers do not wait long for them to be compiled. */
const orgsAtATime = 250;

/** Compiles one part while the database reads the next. */
async function load(transaction: Transaction, { catalog, orgs, take }: ToLoad): Promise<void> {
  const read = (start: number) =>
    start < orgs.length ? readDecisionRows(transaction, orgs.slice(start, start + orgsAtATime)) : null;
  let next: Promise<PackedOrgs> | null = read(0);
  for (let start = orgsAtATime; next; start += orgsAtATime) {
    const packed = await next;
    next = read(start);
    // Its error is thrown where it is waited for.
    next?.catch(() => {});
    for (const rows of unpackOrgs(packed, catalog.keys)) take(compileOrgRows(catalog.snapshot, rows));
    await setImmediate();
  }
}
