/**
 * How large a manifest may be. Far above what people write and review, and low enough
 * that nobody's file can keep a plan busy for minutes.
 */
export const limits = {
  bytes: 8 * 1024 * 1024,
  depth: 32,
  entries: 500_000,
} as const;
