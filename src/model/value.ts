/**
 * A value as manifests, rows and plans hold it: what JSON can say, and nothing else.
 * Times are text in one canonical form, see `canonicalTime`.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** The one order in which names are sorted anywhere: by code unit, because locales differ between machines. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The one text of a value: equal values have equal text, whatever order their keys were written in. */
export function canonicalText(value: Value): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalText).join(",")}]`;
  const entries = Object.keys(value)
    .sort(byCodeUnit)
    .map((name) => `${JSON.stringify(name)}:${canonicalText(value[name] as Value)}`);
  return `{${entries.join(",")}}`;
}

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (isList(a) || isList(b))
    return (
      isList(a) &&
      isList(b) &&
      a.length === b.length &&
      a.every((item, at) => sameValue(item, b[at] as Value))
    );
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name] as Value, b[name] as Value))
  );
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/**
 * A point in time as `2026-12-01T00:00:00Z`, with a fraction only where there is one.
 * Takes what `Date.toISOString` and PostgreSQL's UTC text give.
 */
export function canonicalTime(text: string): string {
  return text
    .replace(" ", "T")
    .replace(/(\.\d*?)0*(?:Z|\+00(?::00)?)?$/, "$1")
    .replace(/\.$/, "")
    .replace(/(?:\+00(?::00)?|Z)?$/, "Z");
}
