import fc from "fast-check";
import { expect, test } from "vitest";
import { decideTrace } from "../../src/decision/decide-trace.ts";
import { traceDie } from "../../src/decision/trace-die.ts";
import { acme, declare } from "./acme-cloud.ts";

const traceId = fc.stringMatching(/^[0-9a-f]{32}$/).filter((id) => id !== "0".repeat(32));

test("what the last 56 bits say, from 0 to below 1", () => {
  expect(traceDie(`${"0".repeat(18)}${"f".repeat(14)}`)).toBe(0);
  expect(traceDie(`${"1".repeat(18)}80000000000000`)).toBeCloseTo(0.5, 12);
  expect(traceDie(`${"f".repeat(18)}00000000000000`)).toBeLessThan(1);
  expect(traceDie(`${"f".repeat(18)}00000000000000`)).toBeGreaterThan(0.999_999);
});

test.each([
  "",
  "0".repeat(32),
  "4BF92F3577B34DA6A3CE929D0E0E4736",
  "4bf92f",
  `${"a".repeat(32)}\n`,
  "constructor",
])("%j is no trace id", (text) => {
  expect(traceDie(text)).toBeNull();
});

const isTraced = (sample_rate: number, id: string) =>
  decideTrace(acme([declare("trace", { mode: "sampled", sample_rate })]), {
    isError: false,
    die: traceDie(id) as number,
  }).isTraced;

test("a raised sample rate keeps those that were sampled", () => {
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(traceId, rate, rate, (id, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      if (isTraced(low, id)) expect(isTraced(high, id)).toBe(true);
      expect(isTraced(1, id)).toBe(true);
      expect(isTraced(0, id)).toBe(false);
    }),
  );
});

test("a rate keeps its share of random ids", () => {
  // Knuth's multiplier spreads the numbers evenly over the bits.
  const ids = Array.from({ length: 5000 }, (_, n) => {
    const spread = (BigInt(n + 1) * 11_400_714_819_323_198_485n) & (2n ** 64n - 1n);
    return `${"a".repeat(16)}${spread.toString(16).padStart(16, "0")}`;
  });
  expect(ids.filter((id) => isTraced(0.1, id)).length / 5000).toBeCloseTo(0.1, 1);
});
