import { descriptorOf, type Kind, kinds } from "../model/kinds.ts";
import { sameValue, type Value } from "../model/value.ts";
import type { Create, Plan } from "../plan/plan.ts";
import { columnOf } from "./column.ts";
import { storedValue } from "./row-set.ts";
import type { PlacedChange } from "./writing.ts";

/** A row as the database gives it in JSON: by column. */
export type JsonRow = Readonly<Record<string, Value>>;

/** What a plan rests on, row by row, beside what its brakes counted. */
export interface Reliance {
  /** The ids of rows that it writes, and of those that its references come to point to. */
  readonly ids: ReadonlySet<string>;
  /** By org id, the kinds of which rows that came since may stand in the plan's way. */
  readonly kinds: ReadonlyMap<string, ReadonlySet<Kind>>;
  /** Whether a row that was written since has the name of one to be made, or refers to one that is to go. */
  readonly isInTheWay: (orgId: string, kind: Kind, row: JsonRow) => boolean;
}

export function relianceOf(plan: Plan): Reliance {
  const ids = new Set<string>();
  const made = new Map<string, Map<Kind, PlacedChange<Create>[]>>();
  const gone = new Map<string, Kind>();
  for (const scope of plan.scopes) {
    const ofScope = new Map<Kind, PlacedChange<Create>[]>();
    made.set(scope.orgId, ofScope);
    for (const change of scope.changes) {
      const placed = { change, scope, catalogIds: plan.catalogIds };
      for (const id of newReferences(placed)) ids.add(id);
      if (change.action === "create") {
        const ofKind = ofScope.get(change.kind) ?? [];
        ofScope.set(change.kind, ofKind);
        ofKind.push({ ...placed, change });
        continue;
      }
      ids.add(change.id);
      // A plan version is as good as gone for those who begin to have it: it never changes under anybody.
      if (change.action === "delete" || change.kind === "plan_version") gone.set(change.id, change.kind);
    }
  }
  const referring = new Set([...gone.values()].flatMap(kindsReferringTo));
  const scopes = [...plan.base.counters.keys()].map(
    (orgId) => [orgId, new Set([...(made.get(orgId)?.keys() ?? []), ...referring])] as const,
  );
  return {
    ids,
    kinds: new Map(scopes),
    isInTheWay: (orgId, kind, row) =>
      referencesOf(kind).some((field) => gone.has(String(row[`${field}_id`]))) ||
      (made.get(orgId)?.get(kind) ?? []).some((placed) => hasItsName(row, placed)),
  };
}

/** Rows that exist and come to be referred to; those that the plan makes itself do no harm here. */
function newReferences(placed: PlacedChange): string[] {
  const { change } = placed;
  if (change.action === "delete") return [];
  const values: Readonly<Record<string, Value>> =
    change.action === "create"
      ? change.after
      : Object.fromEntries(change.fields.map(({ field, after }) => [field, after]));
  return referencesOf(change.kind).flatMap((name) => {
    const stored = name in values ? storedIn(placed, name, values[name] ?? null) : null;
    return typeof stored === "string" ? [stored] : [];
  });
}

function hasItsName(row: JsonRow, placed: PlacedChange<Create>): boolean {
  const { kind, after } = placed.change;
  const { identity, fields, aliases = [] } = descriptorOf(kind);
  const column = (name: string) => columnOf(name, fields[name] as never).slice(1, -1);
  const hasSame = (name: string) =>
    sameValue(row[column(name)] ?? null, storedIn(placed, name, after[name] ?? null));
  const hasSameAlias = (name: string) =>
    after[name] != null && String(row[column(name)]).toLowerCase() === String(after[name]).toLowerCase();
  return identity.every(hasSame) || aliases.some(hasSameAlias);
}

function storedIn(placed: PlacedChange, name: string, value: Value): Value {
  const field = descriptorOf(placed.change.kind).fields[name];
  return field ? storedValue(field, value, placed) : value;
}

function referencesOf(kind: Kind): string[] {
  return Object.entries(descriptorOf(kind).fields).flatMap(([name, { type }]) =>
    type === "reference" ? [name] : [],
  );
}

function kindsReferringTo(kind: Kind): Kind[] {
  return (Object.keys(kinds) as Kind[]).filter((other) =>
    Object.values(descriptorOf(other).fields).some(
      (field) => field.type === "reference" && field.to === kind,
    ),
  );
}
