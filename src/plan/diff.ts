import { descriptorOf } from "../model/kinds.ts";
import { byCodeUnit, sameValue, type Value } from "../model/value.ts";
import { existenceDrift, fieldDrift, ledgerDrift, ledgerOf } from "./drift.ts";
import type { Pair } from "./match-scope.ts";
import type { Change, Create, Delete, FieldChange, Update } from "./plan.ts";

/** What has to change so that the row of a pair is what its manifest declares; null where nothing has to. */
export function diff(pair: Pair, now: string): Change | null {
  if (!pair.actual) return create(pair, now);
  return pair.desired ? update(pair) : remove(pair);
}

function create(pair: Pair, now: string): Create {
  const { fields } = descriptorOf(pair.kind);
  const declared = pair.desired?.fields ?? {};
  const after: Record<string, Value> = {};
  for (const [name, field] of Object.entries(fields)) {
    const initial =
      "initial" in field ? { "own id": pair.id, now }[field.initial as "own id" | "now"] : undefined;
    // A declared null is said: unlimited is no default of 100.
    after[name] = Object.hasOwn(declared, name) ? (declared[name] as Value) : (initial ?? defaultOf(field));
  }
  return {
    action: "create",
    ...subjectOf(pair, after),
    after,
    managed: ownedBy(pair),
    drift: existenceDrift(pair.history),
  };
}

function update(pair: Pair): Update | null {
  const { fields: known } = descriptorOf(pair.kind);
  const declared = pair.desired?.fields ?? {};
  const managedBefore = pair.actual?.managed ?? null;
  const owned = pair.actual && ledgerOf(pair.actual, pair.history).managed;
  const fields: FieldChange[] = [];
  const compare = (field: string, after: Value) => {
    const before = pair.before[field] ?? null;
    if (sameValue(before, after)) return;
    fields.push({
      field,
      before,
      after,
      drift: fieldDrift(pair.history, field, pair.applied?.[field] ?? null),
    });
  };
  for (const [field, after] of Object.entries(declared)) compare(field, after);
  for (const field of owned ?? []) {
    const gone = known[field];
    // What the manifests owned and say no more falls back to the documented default.
    if (!(field in declared) && gone && !("initial" in gone)) compare(field, defaultOf(gone));
  }
  const managed = ownedBy(pair);
  fields.push(...ledgerChanges(pair, managed));
  const sameOwner = managedBefore !== null && sameValue([...managedBefore].sort(byCodeUnit), managed);
  if (fields.length === 0 && sameOwner) return null;
  return { action: "update", ...subjectOf(pair, pair.before), fields, managedBefore, managed };
}

/** What somebody wrote into the ledger's own columns by hand, and what it is put to. */
function ledgerChanges({ actual, history }: Pair, managed: readonly string[] | null): FieldChange[] {
  // A row that took another's place has a ledger of its own.
  if (!actual || !history || (history.applied && history.applied.id !== actual.id)) return [];
  const after = { origin: ledgerOf(actual, history).origin, managed };
  return (["managed", "origin"] as const).flatMap((field) => {
    const drift = ledgerDrift(history, field);
    const isSame = sameValue(actual[field], after[field]);
    return drift && !isSame ? [{ field, before: actual[field], after: after[field], drift }] : [];
  });
}

function remove(pair: Pair): Delete {
  const drift = existenceDrift(pair.history);
  return { action: "delete", ...subjectOf(pair, pair.before), before: pair.before, drift };
}

/** Leaves a row to whoever made it. Where somebody wrote into the ledger that it were the manifests', that is taken back. */
export function disown(pair: Pair): Update | null {
  const managedBefore = pair.actual?.managed ?? null;
  if (managedBefore === null) return null;
  const fields = ledgerChanges(pair, null);
  return { action: "update", ...subjectOf(pair, pair.before), fields, managedBefore, managed: null };
}

/** Leaves the row as it is, and takes it off the ledger. */
export function letGo(pair: Pair): Update {
  const managedBefore = pair.actual?.managed ?? null;
  return { action: "update", ...subjectOf(pair, pair.before), fields: [], managedBefore, managed: null };
}

/** What every change of a row says of it; the fields name what views show it with. */
export function subjectOf(
  pair: Pick<Pair, "kind" | "id" | "key"> & Partial<Pick<Pair, "desired">>,
  fields: Readonly<Record<string, Value>>,
) {
  const { partOf, fields: known } = descriptorOf(pair.kind);
  const whole = partOf?.fields.find((field) => typeof fields[field] === "string");
  const to = whole === undefined ? undefined : known[whole];
  return {
    kind: pair.kind,
    id: pair.id,
    key: pair.key,
    path: pair.desired?.path ?? null,
    partOf:
      whole !== undefined && to?.type === "reference"
        ? { kind: to.to as Change["kind"], key: String(fields[whole]) }
        : null,
  };
}

function ownedBy(pair: Pair): readonly string[] {
  return Object.keys(pair.desired?.fields ?? {}).sort(byCodeUnit);
}

function defaultOf(field: object): Value {
  return "default" in field ? (field.default as Value) : null;
}
