/** What one group of measurements came to. */
export interface MeasuredGroup {
  readonly title: string;
  readonly text: string;
  /** What the text was made from, for `--json`. */
  readonly figures: unknown;
  readonly targets: readonly Target[];
}

/** What is to be reached, and what was. */
export interface Target {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** `met     check against a bare Map: 3.12 × (at most 4)` */
export function targetLine({ what, measured, unit, atMost, atLeast }: Target): string {
  const isMet = measured <= (atMost ?? Number.POSITIVE_INFINITY) && measured >= (atLeast ?? 0);
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  const shown = measured >= 100 ? Math.round(measured).toLocaleString("en-US") : measured.toFixed(2);
  return `${isMet ? "met   " : "MISSED"}  ${what}: ${shown} ${unit} (${bound})`;
}
