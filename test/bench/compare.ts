/** What two measurements that took turns came to, in milliseconds. */
export interface Comparison {
  readonly ours: number;
  readonly theirs: number;
  /** The middle one of the ratios of the pairs, and the range that they lie in. */
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
  readonly pairs: number;
}

/**
 * Lets two measurements take turns, so that whatever else the machine does falls on both. Who goes first alternates too.
 * One pair before the others warms the disk's cache and is not counted.
 */
export async function compare(
  ours: () => Promise<number> | number,
  theirs: () => Promise<number> | number,
  pairs: number,
): Promise<Comparison> {
  const measured: { readonly ours: number; readonly theirs: number }[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const first = pair % 2 === 0 ? await ours() : await theirs();
    const second = pair % 2 === 0 ? await theirs() : await ours();
    const both = pair % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first };
    if (pair > 0) measured.push(both);
  }
  const ratios = measured.map((both) => both.ours / both.theirs);
  return {
    ours: median(measured.map((both) => both.ours)),
    theirs: median(measured.map((both) => both.theirs)),
    ratio: median(ratios),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    pairs,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** `1.31 × (1.28–1.40, 7 pairs)` */
export function ratioText({ ratio, least, most, pairs }: Comparison): string {
  return `${ratio.toFixed(2)} × (${least.toFixed(2)}–${most.toFixed(2)}, ${pairs} pairs)`;
}
