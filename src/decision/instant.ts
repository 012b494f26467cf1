const form = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * A point in time as milliseconds since 1970; a day alone is its start in UTC. NaN, which is neither before
 * nor after anything, for what is no time. Numbers because canonical text does not sort: `:00.5Z` < `:00Z`.
 */
export function instantOf(value: unknown): number {
  if (typeof value === "number") return value;
  const match = typeof value === "string" ? form.exec(value) : null;
  // A day such as 2026-02-30 would be read as one in March.
  if (!match || !isDay(match[1] as string)) return Number.NaN;
  return Date.parse(match[0]);
}

function isDay(text: string): boolean {
  const start = Date.parse(text);
  return !Number.isNaN(start) && new Date(start).toISOString().startsWith(text);
}
