import { descriptorOf } from "../model/kinds.ts";
import type { ActualRow } from "../model/state.ts";
import { byCodeUnit, sameValue, type Value } from "../model/value.ts";
import { subjectOf } from "./diff.ts";
import { type KeyOf, keyOfRow, withKeys } from "./match-scope.ts";
import type { Change, FieldChange } from "./plan.ts";

/** The change that makes one state of a row the other; null is a row that is not there, or no difference. */
export function changeBetween(
  before: ActualRow | null,
  after: ActualRow | null,
  keyOf: KeyOf,
): Change | null {
  if (before && after) return update(before, after, keyOf);
  if (after) {
    const fields = withKeys(after, keyOf);
    const { origin, managed } = after;
    return {
      action: "create",
      ...subject(after, fields, keyOf),
      after: fields,
      managed,
      origin,
      drift: null,
    };
  }
  if (!before) return null;
  const fields = withKeys(before, keyOf);
  return { action: "delete", ...subject(before, fields, keyOf), before: fields, drift: null };
}

function update(before: ActualRow, after: ActualRow, keyOf: KeyOf): Change | null {
  const then = withKeys(before, keyOf);
  const fields = withKeys(after, keyOf);
  const changed = Object.keys(descriptorOf(after.kind).fields).flatMap((field): FieldChange[] => {
    // Ids tell two rows of one name apart.
    if (sameValue(before.fields[field] ?? null, after.fields[field] ?? null)) return [];
    return [{ field, before: then[field] ?? null, after: fields[field] ?? null, drift: null }];
  });
  if (changed.length === 0 && sameLedger(before.managed, after.managed)) return null;
  return {
    action: "update",
    ...subject(after, fields, keyOf),
    fields: changed,
    managedBefore: before.managed,
    managed: after.managed,
  };
}

function subject(row: ActualRow, fields: Readonly<Record<string, Value>>, keyOf: KeyOf) {
  return subjectOf({ kind: row.kind, id: row.id, key: keyOfRow(row, keyOf) }, fields);
}

/** Whether the manifests own the same of a row; the order in which fields are named says nothing. */
export function sameLedger(a: ActualRow["managed"], b: ActualRow["managed"]): boolean {
  if (a === null || b === null) return a === b;
  return sameValue([...a].sort(byCodeUnit), [...b].sort(byCodeUnit));
}
