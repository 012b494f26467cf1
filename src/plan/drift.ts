import type { Kind } from "../model/kinds.ts";
import type { ActualRow, ActualScope, Origin, Writer } from "../model/state.ts";
import { sameValue, type Value } from "../model/value.ts";
import type { FieldDrift } from "./plan.ts";

/** What something other than an apply did to one row since the last apply. */
export interface RowHistory {
  /** The row as it was last applied; null where there was none. */
  readonly applied: ActualRow | null;
  /** Each write with what it left of the row, oldest first. */
  readonly writes: readonly { readonly by: Writer; readonly after: ActualRow | null }[];
}

/** By id, every row that something else wrote since the last apply, also those that are gone. */
export function rowHistories({ rows, writes }: ActualScope): ReadonlyMap<string, RowHistory> {
  const byRow = new Map<string, (typeof writes)[number][]>();
  for (const write of writes) byRow.set(write.rowId, [...(byRow.get(write.rowId) ?? []), write]);
  const now = new Map<string, ActualRow>();
  for (const kind of new Set<Kind>(writes.map((write) => write.kind))) {
    for (const row of rows.get(kind) ?? []) if (byRow.has(row.id)) now.set(row.id, row);
  }
  return new Map(
    [...byRow].map(([id, ofRow]) => {
      // What a write left is what the next one found, or the row as it is.
      const after = (index: number) => {
        const next = ofRow[index + 1];
        return next ? next.before : (now.get(id) ?? null);
      };
      const steps = ofRow.map(({ by }, index) => ({ by, after: after(index) }));
      return [id, { applied: ofRow[0]?.before ?? null, writes: steps }];
    }),
  );
}

/** One row's history after another's: somebody took the one away and put the other in its place. */
export function replaced(gone: RowHistory, by: RowHistory): RowHistory {
  return { applied: gone.applied, writes: [...gone.writes, ...by.writes] };
}

/** Who may be said to own a row: what the last apply left in the ledger, whatever was written there by hand since. */
export interface Ledger {
  readonly origin: Origin;
  readonly managed: readonly string[] | null;
}

export function ledgerOf(actual: ActualRow, history: RowHistory | null): Ledger {
  if (!history) return actual;
  if (history.applied?.id === actual.id) return history.applied;
  // Only an apply makes rows that are the manifests'.
  return { origin: actual.origin === "manifest" ? "unknown" : actual.origin, managed: null };
}

/**
 * How something else changed a field that the manifests owned, as of the last apply; null where it did not.
 * `applied` is the field's last applied value, with a key where it is a reference.
 */
export function fieldDrift(history: RowHistory | null, field: string, applied: Value): FieldDrift | null {
  if (!history?.applied?.managed?.includes(field)) return null;
  const by = lastToChange(history, (row) => row?.fields[field] ?? null);
  return by && { applied, by };
}

/** The same for the ledger's own columns. */
export function ledgerDrift(history: RowHistory | null, column: keyof Ledger): FieldDrift | null {
  if (!history) return null;
  const by = lastToChange(history, (row) => row?.[column] ?? null);
  return by && { applied: history.applied?.[column] ?? null, by };
}

/** Who made a row that was not there, or took one away that was; null where neither happened. */
export function existenceDrift(history: RowHistory | null): Writer | null {
  return history && lastToChange(history, (row) => row !== null);
}

/** Who made a value what it is, where that is not what was applied. */
function lastToChange(
  { applied, writes }: RowHistory,
  read: (row: ActualRow | null) => Value,
): Writer | null {
  let before = read(applied);
  let by: Writer | null = null;
  for (const write of writes) {
    const after = read(write.after);
    if (!sameValue(before, after)) by = write.by;
    before = after;
  }
  return sameValue(read(applied), before) ? null : by;
}
