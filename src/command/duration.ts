const milliseconds = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Reads `45m`, `12h`, `30d` or `2w` as milliseconds; null for anything else. */
export function durationOf(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return count && unit ? Number(count) * milliseconds[unit as keyof typeof milliseconds] : null;
}
