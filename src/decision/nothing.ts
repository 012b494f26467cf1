// Most of what can be said of a tenant is not said of most tenants. An empty Map takes 200 bytes: they share these.
export const noEntries: ReadonlyMap<never, never> = new Map<never, never>();
export const noNames: ReadonlySet<string> = new Set();
export const noItems: readonly never[] = Object.freeze([]);
export const noAttributes: { readonly [name: string]: never } = Object.freeze({});

/** The rows by key, made into something; the shared empty one where there are none. */
export function mapped<Row extends { readonly key: string }, T>(
  rows: readonly Row[],
  make: (row: Row) => T,
): ReadonlyMap<string, T> {
  if (rows.length === 0) return noEntries;
  const made = new Map<string, T>();
  for (const row of rows) made.set(row.key, make(row));
  return made;
}
