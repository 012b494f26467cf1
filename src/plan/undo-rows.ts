import type { Kind } from "../model/kinds.ts";
import type { ActualRow, ActualScope, ActualState } from "../model/state.ts";
import { sameValue, type Value } from "../model/value.ts";
import { sameLedger } from "./change-between.ts";

/** What a revision made of one row: null where it was not there. */
export interface RevisedRow {
  readonly orgId: string;
  /** The slug that its org has now, or had when it went; null is the catalog. */
  readonly org: string | null;
  readonly kind: Kind;
  readonly id: string;
  readonly before: ActualRow | null;
  readonly after: ActualRow | null;
}

/** A row that something else changed after the revision did, and what of it. */
export interface UndoConflict {
  readonly history: RevisedRow;
  readonly message: string;
}

/** A scope as it would be had a revision left its rows alone. */
interface UndoneScope {
  readonly scope: ActualScope;
  readonly conflicts: readonly UndoConflict[];
}

/**
 * Takes back what a revision did to a scope's rows: field by field, so that what others wrote to other fields
 * stays. Where a field, or the row, is no more as the revision left it, that is a conflict; the scope then
 * has what was before the revision all the same.
 */
function undoRows(present: ActualScope, histories: readonly RevisedRow[]): UndoneScope {
  const rows = new Map(
    [...present.rows].map(([kind, all]) => [kind, new Map(all.map((row) => [row.id, row]))]),
  );
  const conflicts: UndoConflict[] = [];
  for (const history of histories) {
    const ofKind = rows.get(history.kind) ?? new Map<string, ActualRow>();
    rows.set(history.kind, ofKind);
    const { row, conflict } = undoRow(ofKind.get(history.id) ?? null, history);
    if (row) ofKind.set(history.id, row);
    else ofKind.delete(history.id);
    if (conflict !== null) conflicts.push({ history, message: conflict });
  }
  const org = rows.get("org")?.get(present.orgId)?.fields.slug;
  return {
    scope: {
      ...present,
      org: typeof org === "string" ? org : present.org,
      rows: new Map([...rows].map(([kind, all]) => [kind, [...all.values()]])),
    },
    conflicts,
  };
}

/** All of a state's scopes with what a revision did to their rows taken back. */
export function undoState(
  state: ActualState,
  rows: readonly RevisedRow[],
): { readonly state: ActualState; readonly conflicts: readonly UndoConflict[] } {
  const byScope = new Map<string, RevisedRow[]>();
  for (const row of rows) {
    const ofScope = byScope.get(row.orgId);
    if (ofScope) ofScope.push(row);
    else byScope.set(row.orgId, [row]);
  }
  const conflicts: UndoConflict[] = [];
  const undo = (scope: ActualScope): ActualScope => {
    const undone = undoRows(scope, byScope.get(scope.orgId) ?? []);
    conflicts.push(...undone.conflicts);
    return undone.scope;
  };
  return { state: { ...state, catalog: undo(state.catalog), orgs: state.orgs.map(undo) }, conflicts };
}

interface Undone {
  readonly row: ActualRow | null;
  readonly conflict: string | null;
}

function undoRow(now: ActualRow | null, { before, after }: RevisedRow): Undone {
  const done = (row: ActualRow | null, conflict: string | null = null): Undone => ({ row, conflict });
  // Made and taken away by the same revision.
  if (!before && !after) return done(now);
  if (!after) {
    if (!now || sameRow(now, before)) return done(before);
    return done(before, "It was made again since the revision took it away.");
  }
  if (!now) return before ? done(before, "It was deleted since the revision changed it.") : done(null);
  if (before) return undoFields(now, before, after);
  const changed = changedFields(now, after);
  if (changed.length === 0) return done(null);
  return done(null, `It was changed since the revision made it: ${changed.join(", ")}.`);
}

function undoFields(now: ActualRow, before: ActualRow, after: ActualRow): Undone {
  const fields: Record<string, Value> = { ...now.fields };
  const clashing: string[] = [];
  for (const field of changedFields(before, after)) {
    if (field === ledger) continue;
    const [present, made, earlier] = [now, after, before].map((row) => row.fields[field] ?? null) as [
      Value,
      Value,
      Value,
    ];
    if (!sameValue(present, made) && !sameValue(present, earlier)) clashing.push(field);
    fields[field] = earlier;
  }
  // Who owns a row is the manifests' to say again: nothing is lost by it.
  const managed = sameLedger(before.managed, after.managed) ? now.managed : before.managed;
  const row = { ...now, fields, managed };
  const message = `It was changed since the revision changed it: ${clashing.join(", ")}.`;
  return { row, conflict: clashing.length > 0 ? message : null };
}

const ledger = "ownership";

function changedFields(a: ActualRow, b: ActualRow): string[] {
  const names = [...new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])];
  const changed = names.filter((name) => !sameValue(a.fields[name] ?? null, b.fields[name] ?? null));
  return sameLedger(a.managed, b.managed) ? changed : [...changed, ledger];
}

function sameRow(a: ActualRow, b: ActualRow | null): boolean {
  return b !== null && changedFields(a, b).length === 0;
}
