import type { Kind } from "../model/kinds.ts";
import { kindsInOrder } from "../model/order.ts";
import type { ActualRow, ActualScope } from "../model/state.ts";
import { changeBetween } from "./change-between.ts";
import type { PlannedScope } from "./make-plan.ts";
import { type KeyOf, keyOfRow, type Pair, withKeys } from "./match-scope.ts";
import type { Change } from "./plan.ts";

/**
 * What makes one state of a scope the other, row by row; at least one of the two is there. Rows are told apart
 * by their ids, and called by the names that they have in the end.
 */
export function diffScopes(
  before: ActualScope | null,
  after: ActualScope | null,
  catalogKeyOf: KeyOf,
): PlannedScope {
  const keys = new Map<string, string>();
  const ids = new Map<Kind, Map<string, string>>();
  const keyOf: KeyOf = (id) => keys.get(id) ?? catalogKeyOf(id);
  const found = kindsInOrder.flatMap((kind) => {
    const then = byId(before?.rows.get(kind));
    const now = byId(after?.rows.get(kind));
    const gone = [...then.values()].filter(({ id }) => !now.has(id));
    const ofKind = new Map<string, string>();
    ids.set(kind, ofKind);
    return [...now.values(), ...gone].map((row) => {
      const key = keyOfRow(row, keyOf);
      // Of two rows of one name, that which stays has it; the other goes by its id.
      if (!ofKind.has(key)) {
        ofKind.set(key, row.id);
        keys.set(row.id, key);
      }
      return { kind, key, id: row.id, before: then.get(row.id) ?? null, after: now.get(row.id) ?? null };
    });
  });
  const pairs = found.map(({ kind, key, id, before }): Pair => {
    const fields = before ? withKeys(before, keyOf) : {};
    return { kind, id, key, desired: null, actual: before, before: fields, history: null, applied: null };
  });
  const changes = found.flatMap(({ before, after }): Change[] => {
    const change = changeBetween(before, after, keyOf);
    return change ? [change] : [];
  });
  const scope = (after ?? before) as ActualScope;
  return { org: scope.org, orgId: scope.orgId, matched: { pairs, ids, clashes: [] }, changes };
}

function byId(rows: readonly ActualRow[] = []): ReadonlyMap<string, ActualRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** The names of a scope's rows, for others that refer to them. */
export function keysOfScope({ matched }: PlannedScope): KeyOf {
  const keys = new Map(
    [...matched.ids.values()].flatMap((ids) => [...ids].map(([key, id]) => [id, key] as const)),
  );
  return (id) => keys.get(id);
}
