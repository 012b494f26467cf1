import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketCount, bucketOf, bucketsOf } from "../../src/decision/bucket.ts";

test("a bucket is a whole number from 0 to 99,999", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.uuid(), (salt, id) => {
      const bucket = bucketOf(salt, id);
      expect(Number.isInteger(bucket) && bucket >= 0 && bucket < bucketCount).toBe(true);
    }),
  );
});

test("a bucket never changes", () => {
  expect(bucketOf("new_dashboard", "0192f3a0-0000-7000-8000-000000000001")).toBe(76_999);
});

test("percentages with three decimals are whole buckets", () => {
  expect([0.001, 0.125, 33.333, 25, 100].map(bucketsOf)).toEqual([1, 125, 33_333, 25_000, 100_000]);
});

test("orgs are spread evenly", () => {
  const inside = Array.from({ length: 20_000 }, (_, id) => bucketOf("salt", `org-${id}`)).filter(
    (b) => b < 25_000,
  );
  expect(Math.abs(inside.length / 20_000 - 0.25)).toBeLessThan(0.01);
});
