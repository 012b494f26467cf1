/**
 * Reads a day (`2026-12-01`, its start in UTC) or a point in time (`2026-12-01T09:00Z`, seconds at will)
 * as the canonical text `2026-12-01T09:00:00Z`; null for anything else, and for days that do not exist.
 */
export function parseTime(text: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?Z)?$/.exec(text);
  if (!match) return null;
  const canonical = `${match[1]}T${match[2] ?? "00:00"}:${match[3] ?? "00"}Z`;
  const date = new Date(canonical);
  // A date such as 2026-02-30 parses, but comes back as another day.
  return !Number.isNaN(date.getTime()) && date.toISOString() === canonical.replace("Z", ".000Z")
    ? canonical
    : null;
}
