/**
 * How long to wait before the so-and-so-manieth try after the first, in milliseconds: anything up to a bound that doubles,
 * so that those who were cut off together do not come back together.
 */
export function fullJitter(retry: number, { base, most }: { base: number; most: number }): number {
  return Math.random() * Math.min(most, base * 2 ** (retry - 1));
}
