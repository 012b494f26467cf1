import type { FieldsOf } from "../model/field.ts";
import { type Kind, kinds } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";
import type { Value } from "../model/value.ts";

/** A resource with every field of its kind; what nobody said is the documented default. */
export interface Complete<K extends Kind> {
  readonly key: string;
  readonly fields: FieldsOf<K>;
}

/** The complete resources of a kind; none where there are none. */
export type CompleteByKind = <K extends Kind>(kind: K) => readonly Complete<K>[];

/** Resources by kind, each of them complete. */
export function completeByKind(resources: readonly Resource[]): CompleteByKind {
  const byKind = new Map<Kind, Resource[]>();
  for (const each of resources) {
    const alike = byKind.get(each.kind);
    if (alike) alike.push(each);
    else byKind.set(each.kind, [each]);
  }
  return <K extends Kind>(kind: K) => (byKind.get(kind) ?? []).map((each) => complete<K>(each));
}

function complete<K extends Kind>({ kind, key, fields }: Resource): Complete<K> {
  const { every, some } = defaults.get(kind) as Defaults;
  const completed: Record<string, Value> = { ...every, ...fields };
  for (const name of some) completed[name] ??= every[name] as Value;
  return { key, fields: completed as FieldsOf<K> };
}

interface Defaults {
  /** null for the fields that have none. */
  readonly every: Readonly<Record<string, Value>>;
  /** The fields that have one. */
  readonly some: readonly string[];
}

const defaults: ReadonlyMap<Kind, Defaults> = new Map(
  Object.entries(kinds).map(([kind, { fields }]): [Kind, Defaults] => {
    const every = Object.entries(fields).map(([name, field]) => [
      name,
      "default" in field ? field.default : null,
    ]);
    return [
      kind as Kind,
      {
        every: Object.fromEntries(every),
        some: every.flatMap(([name, value]) => (value === null ? [] : [name as string])),
      },
    ];
  }),
);
