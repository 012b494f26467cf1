import { descriptorOf, type Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { ActualRow, ActualScope, DesiredScope, Resource } from "../model/state.ts";
import type { Value } from "../model/value.ts";

/** What Git declares and what the database holds of one scope, resource by resource. */
export interface MatchedScope {
  readonly pairs: readonly Pair[];
  /** The id behind every key, of rows that are there and of those to come. */
  readonly ids: ReadonlyMap<Kind, ReadonlyMap<string, string>>;
  /** Rows whose earlier name and present name are both taken. */
  readonly clashes: readonly { readonly resource: Resource; readonly earlier: string }[];
}

/** At least one of the two is there. */
export interface Pair {
  readonly kind: Kind;
  readonly id: string;
  readonly key: string;
  readonly desired: Resource | null;
  readonly actual: ActualRow | null;
  /** The actual row's fields with keys for references, as the names are after this plan's renames. */
  readonly before: Readonly<Record<string, Value>>;
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
  const keys = new Map<string, string>();
  const keyOf: KeyOf = (id) => keys.get(id) ?? catalogKeyOf(id);
  const ids = new Map<Kind, Map<string, string>>();
  const pairs: Pair[] = [];
  const clashes: { resource: Resource; earlier: string }[] = [];
  for (const kind of kindsInOrder) {
    const declared = resources.get(kind) ?? [];
    const rows = actual?.rows.get(kind) ?? [];
    if (declared.length === 0 && rows.length === 0) continue;
    const candidates = candidatesOf(kind, rows, keyOf);
    const matched = declared.map((resource) => {
      const row = candidates.take(resource);
      const id = row?.id ?? (kind === "org" ? (actual?.orgId ?? newId()) : newId());
      keys.set(id, resource.key);
      for (const earlier of resource.previously) {
        if (row && candidates.isLeft(earlier)) clashes.push({ resource, earlier });
      }
      return { resource, row, id };
    });
    const left = candidates.left();
    for (const { key, row } of left) keys.set(row.id, key);
    ids.set(
      kind,
      new Map([
        ...left.map(({ key, row }) => [key, row.id] as const),
        ...matched.map(({ resource, id }) => [resource.key, id] as const),
      ]),
    );
    // Only now every key of this kind is known, also for references within it.
    for (const { resource, row, id } of matched) {
      const before = row ? withKeys(row, keyOf) : {};
      pairs.push({ kind, id, key: resource.key, desired: resource, actual: row, before });
    }
    for (const { key, row } of left) {
      pairs.push({ kind, id: row.id, key, desired: null, actual: row, before: withKeys(row, keyOf) });
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

/** The rows of a kind, each to be taken once. */
function candidatesOf(kind: Kind, rows: readonly ActualRow[], keyOf: KeyOf) {
  const { aliases = [] } = descriptorOf(kind);
  const byKey = new Map<string, ActualRow>();
  const byAlias = new Map<string, string>();
  for (const row of rows) {
    const key = keyOfRow(row, keyOf);
    byKey.set(key, row);
    for (const alias of aliases) {
      const value = row.fields[alias];
      if (typeof value === "string") byAlias.set(`${alias} ${value}`, key);
    }
  }
  const remove = (key: string | undefined) => {
    const row = key === undefined ? undefined : byKey.get(key);
    if (row) byKey.delete(key as string);
    return row;
  };
  return {
    take(resource: Resource): ActualRow | null {
      const named = [resource.key, ...resource.previously];
      const known = aliases.map((alias) => byAlias.get(`${alias} ${String(resource.fields[alias])}`));
      for (const key of [...named, ...known]) {
        const row = remove(key);
        if (row) return row;
      }
      return null;
    },
    isLeft: (key: string) => byKey.has(key),
    left: () => [...byKey].map(([key, row]) => ({ key, row })),
  };
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
