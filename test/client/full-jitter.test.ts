import { expect, it } from "vitest";
import { fullJitter } from "../../src/client/full-jitter.ts";

const times = (retry: number) =>
  Array.from({ length: 1_000 }, () => fullJitter(retry, { base: 100, most: 2_000 }));

it.each([
  [1, 100],
  [2, 200],
  [4, 800],
  [5, 1_600],
  [6, 2_000],
  [60, 2_000],
])("before retry %i it is anything up to %i ms, and spread over all of that", (retry, most) => {
  const pauses = times(retry);
  expect(Math.max(...pauses)).toBeLessThan(most);
  expect(Math.max(...pauses)).toBeGreaterThan(0.9 * most);
  expect(Math.min(...pauses)).toBeLessThan(0.1 * most);
  const mean = pauses.reduce((sum, pause) => sum + pause) / pauses.length;
  expect(mean / most).toBeCloseTo(0.5, 1);
});
