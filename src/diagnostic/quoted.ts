const longest = 60;

/** Something a user wrote, as a message quotes it: cut where it is long. */
export function quoted(text: string): string {
  return text.length > longest ? `"${text.slice(0, longest - 1)}…"` : `"${text}"`;
}
