import { byCodeUnit } from "../../model/value.ts";

/** The names of a catalog's part, sorted; worked out once for each catalog. */
export function sortedNames(named: ReadonlyMap<string, unknown>): readonly string[] {
  const known = sorted.get(named);
  if (known) return known;
  const names = [...named.keys()].sort(byCodeUnit);
  sorted.set(named, names);
  return names;
}

const sorted = new WeakMap<ReadonlyMap<string, unknown>, readonly string[]>();
