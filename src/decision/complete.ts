import type { FieldsOf } from "../model/field.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";

/** A resource with every field of its kind; what nobody said is the documented default. */
export interface Complete<K extends Kind> {
  readonly key: string;
  readonly fields: FieldsOf<K>;
}

/** Resources by kind, each of them complete. */
export function completeByKind(
  resources: readonly Resource[],
): <K extends Kind>(kind: K) => readonly Complete<K>[] {
  const byKind = new Map<Kind, Resource[]>();
  for (const each of resources) {
    const alike = byKind.get(each.kind);
    if (alike) alike.push(each);
    else byKind.set(each.kind, [each]);
  }
  return <K extends Kind>(kind: K) => (byKind.get(kind) ?? []).map((each) => complete<K>(each));
}

function complete<K extends Kind>({ kind, key, fields }: Resource): Complete<K> {
  const every = Object.entries(descriptorOf(kind).fields).map(([name, field]) => [
    name,
    fields[name] ?? ("default" in field ? field.default : null) ?? null,
  ]);
  return { key, fields: Object.fromEntries(every) as FieldsOf<K> };
}
