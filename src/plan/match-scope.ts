import { descriptorOf, type Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { ActualRow, ActualScope, DesiredScope, Resource } from "../model/state.ts";
import type { Value } from "../model/value.ts";
import { claimRows, type NamedRow } from "./claim-rows.ts";
import { type RowHistory, replaced, rowHistories } from "./drift.ts";

/** What Git declares and what the database holds of one scope, resource by resource. */
export interface MatchedScope {
  readonly pairs: readonly Pair[];
  /** The id behind every key, of rows that are there and of those to come. */
  readonly ids: ReadonlyMap<Kind, ReadonlyMap<string, string>>;
  /** Rows whose earlier name and present name are both taken. */
  readonly clashes: readonly { readonly resource: Resource; readonly earlier: string }[];
}

/** At least one of desired and actual is there. */
export interface Pair {
  readonly kind: Kind;
  readonly id: string;
  readonly key: string;
  readonly desired: Resource | null;
  readonly actual: ActualRow | null;
  /** The actual row's fields with keys for references, as the names are after this plan's renames. */
  readonly before: Readonly<Record<string, Value>>;
  /** What something else did to the row since the last apply; null where nothing did. */
  readonly history: RowHistory | null;
  /** The fields of the row as it was last applied, in the form of `before`; null where nothing else wrote it. */
  readonly applied: Readonly<Record<string, Value>> | null;
}

/** The key behind an id, as it is after the plan's renames. */
export type KeyOf = (id: string) => string | undefined;

/** Pairs resources with rows by key, then by earlier keys, then by what else names them; parents first. */
export function matchScope(
  desired: DesiredScope | null,
  actual: ActualScope | null,
  catalogKeyOf: KeyOf,
  newId: () => string,
): MatchedScope {
  const resources = groupByKind(desired?.resources ?? []);
  const histories = actual ? rowHistories(actual) : new Map<string, RowHistory>();
  const keys = new Map<string, string>();
  const keyOf: KeyOf = (id) => keys.get(id) ?? catalogKeyOf(id);
  const ids = new Map<Kind, Map<string, string>>();
  const pairs: Pair[] = [];
  const clashes: { resource: Resource; earlier: string }[] = [];
  for (const kind of kindsInOrder) {
    const declared = resources.get(kind) ?? [];
    const rows = actual?.rows.get(kind) ?? [];
    if (declared.length === 0 && rows.length === 0) continue;
    const gone = goneRows(kind, histories, keyOf);
    const claims = claimRows(declared, namedRows(rows, histories, keyOf));
    clashes.push(...claims.clashes);
    const matched = declared.map((resource) => {
      const row = claims.rowOf.get(resource) ?? null;
      const lost = goneOf(resource, gone);
      // What somebody took away comes back as what it was.
      const known = row?.id ?? lost?.applied?.id ?? (kind === "org" ? actual?.orgId : undefined);
      const id = known ?? newId();
      keys.set(id, resource.key);
      return { resource, row, id, history: historyOf(row && (histories.get(row.id) ?? null), row, lost) };
    });
    for (const { key, row } of claims.left) keys.set(row.id, key);
    ids.set(
      kind,
      new Map([
        ...claims.left.map(({ key, row }) => [key, row.id] as const),
        ...matched.map(({ resource, id }) => [resource.key, id] as const),
      ]),
    );
    // Only now every key of this kind is known, also for references within it.
    const sides = (row: ActualRow | null, history: RowHistory | null) => ({
      actual: row,
      before: row ? withKeys(row, keyOf) : {},
      history,
      applied: history?.applied ? withKeys(history.applied, keyOf) : null,
    });
    for (const { resource, row, id, history } of matched) {
      pairs.push({ kind, id, key: resource.key, desired: resource, ...sides(row, history) });
    }
    for (const { key, row } of claims.left) {
      pairs.push({ kind, id: row.id, key, desired: null, ...sides(row, histories.get(row.id) ?? null) });
    }
  }
  return { pairs, ids, clashes };
}

function groupByKind(resources: readonly Resource[]): Map<Kind, Resource[]> {
  const groups = new Map<Kind, Resource[]>();
  for (const resource of resources) {
    const group = groups.get(resource.kind);
    if (group) group.push(resource);
    else groups.set(resource.kind, [resource]);
  }
  return groups;
}

/** The rows of a kind with their names; one that was renamed by hand also has the one that was applied. */
function namedRows(
  rows: readonly ActualRow[],
  histories: ReadonlyMap<string, RowHistory>,
  keyOf: KeyOf,
): NamedRow[] {
  return rows.map((row) => {
    const key = keyOfRow(row, keyOf);
    const applied = histories.get(row.id)?.applied;
    return { row, key, applied: applied?.managed ? keyOfRow(applied, keyOf) : key };
  });
}

/** The rows of a kind that the manifests had made and that something else took away, by their keys. */
function goneRows(
  kind: Kind,
  histories: ReadonlyMap<string, RowHistory>,
  keyOf: KeyOf,
): ReadonlyMap<string, RowHistory> {
  const gone = new Map<string, RowHistory>();
  for (const history of histories.values()) {
    const { applied } = history;
    if (applied?.kind === kind && applied.managed && history.writes.at(-1)?.after === null)
      gone.set(keyOfRow(applied, keyOf), history);
  }
  return gone;
}

function goneOf(resource: Resource, gone: ReadonlyMap<string, RowHistory>): RowHistory | null {
  if (gone.size === 0) return null;
  for (const name of [resource.key, ...resource.previously]) {
    const history = gone.get(name);
    if (history) return history;
  }
  return null;
}

function historyOf(
  own: RowHistory | null,
  row: ActualRow | null,
  lost: RowHistory | null,
): RowHistory | null {
  if (!row) return lost;
  return lost && own && !own.applied ? replaced(lost, own) : own;
}

/** The key of a row, whose identity may hold references. */
export function keyOfRow(row: ActualRow, keyOf: KeyOf): string {
  const { identity, key, fields } = descriptorOf(row.kind);
  const named: Record<string, Value> = {};
  for (const field of identity) named[field] = keyed(fields[field]?.type, row.fields[field] ?? null, keyOf);
  return key(named);
}

/** Every field of a row, with keys for references; an id stays where nothing bears it. */
export function withKeys(row: ActualRow, keyOf: KeyOf): Record<string, Value> {
  const { fields } = descriptorOf(row.kind);
  const named: Record<string, Value> = {};
  for (const [field, { type }] of Object.entries(fields))
    named[field] = keyed(type, row.fields[field] ?? null, keyOf);
  return named;
}

function keyed(type: string | undefined, value: Value, keyOf: KeyOf): Value {
  return type === "reference" && typeof value === "string" ? (keyOf(value) ?? value) : value;
}
