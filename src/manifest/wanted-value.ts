import { descriptorOf, type Kind } from "../model/kinds.ts";
import { quantityText } from "../model/quantity.ts";
import { isList, sameValue, type Value } from "../model/value.ts";
import { textScalar, type Wanted, type WantedEntry, type WantedMap } from "./wanted.ts";

/** A row as manifests would declare it: keys for references. */
export interface DeclaredRow {
  readonly kind: Kind;
  readonly key: string;
  readonly fields: Readonly<Record<string, Value>>;
  /** The fields that the manifests own; null where they do not own the row. */
  readonly managed: readonly string[] | null;
}

/** Something that can be said in a manifest, and that nobody wrote here how. */
export class Unsayable extends Error {}

/** The fields of a row that the manifests own, by the names that manifests have for them. */
export function fieldsOf(
  { kind, key, fields, managed }: DeclaredRow,
  names: { readonly [field: string]: string },
): WantedMap {
  const known = descriptorOf(kind).fields;
  const entries = Object.entries(names).flatMap(([field, name]): [string, WantedEntry][] => {
    const value = fields[field] ?? null;
    const about = known[field];
    if (!about || !managed?.includes(field) || value === null || value === key) return [];
    const usual = "default" in about ? (about.default ?? null) : null;
    return [[name, { value: wantedValue(value, about.type), isUsual: sameValue(value, usual) }]];
  });
  return { kind: "map", entries: new Map(entries), short: null };
}

/** A value as YAML, by the type of its field where that says more than the value. Throws `Unsayable`. */
export function wantedValue(value: Value, type?: string): Wanted {
  if (type === "time" && typeof value === "string") {
    return { kind: "scalar", text: value.replace(/T00:00:00Z$/, "") };
  }
  if (typeof value === "string") return textScalar(value);
  if (value === null) throw new Unsayable("null");
  if (typeof value !== "object") return { kind: "scalar", text: String(value) };
  if (isList(value)) {
    const items = value.map((item) => wantedValue(item));
    if (!items.every((item) => item.kind === "scalar")) throw new Unsayable("a list of maps");
    return { kind: "list", items };
  }
  return mapOf(Object.entries(value).map(([name, one]) => [name, wantedValue(one)]));
}

export function mapOf(entries: readonly (readonly [string, Wanted])[]): WantedMap {
  return {
    kind: "map",
    entries: new Map(entries.map(([name, value]) => [name, { value, isUsual: false }])),
    short: null,
  };
}

/** Several maps as one. */
export function merge(...maps: readonly WantedMap[]): WantedMap {
  return { kind: "map", entries: new Map(maps.flatMap(({ entries }) => [...entries])), short: null };
}

/** A map that says only one thing has a short form. */
export function withShort(map: WantedMap, name: string): WantedMap {
  const said = [...map.entries].filter(([, { isUsual }]) => !isUsual);
  const [[only = "", entry] = []] = said;
  return said.length === 1 && only === name && entry ? { ...map, short: entry.value } : map;
}

/** `10_000/month`, or any other value. */
export function quantity(value: Value): Wanted {
  const isQuota = typeof value === "object" && value !== null && "per" in value;
  return isQuota
    ? { kind: "scalar", text: quantityText(value as unknown as Parameters<typeof quantityText>[0]) }
    : wantedValue(value);
}
