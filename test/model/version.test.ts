import { expect, test } from "vitest";
import { compareVersions, parseVersion, parseVersionRange, type Version } from "../../src/model/version.ts";

const versionOf = (text: string) => parseVersion(text) as Version;

// Semantic Versioning 2.0.0 §11.
test("precedence", () => {
  const rising = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.9.0",
    "1.10.0",
    "2.0.0",
  ];
  for (const [i, a] of rising.entries()) {
    for (const [j, b] of rising.entries()) {
      expect([a, b, Math.sign(compareVersions(versionOf(a), versionOf(b)))]).toEqual([
        a,
        b,
        Math.sign(i - j),
      ]);
    }
  }
});

test("build metadata and missing numbers make no difference", () => {
  expect(compareVersions(versionOf("v1.2+abc"), versionOf("1.2.0"))).toBe(0);
});

test.each(["", "x", "1.2.3.4", "1..2", "1.2.3-", "1.2.3-a..b", "-1", "1.2.3 "])(
  "%j is no version",
  (text) => {
    expect(parseVersion(text)).toBeNull();
  },
);

test.each([
  [">=1.2.0 <2.0.0", ["1.2.0", "1.9.9"], ["1.1.9", "2.0.0"]],
  [">= 1.2 < 2", ["1.2.0"], ["2.0.0"]],
  [">1.2.0 <=1.3.0", ["1.2.1", "1.3.0"], ["1.2.0", "1.3.1"]],
  ["^1.2.3", ["1.2.3", "1.9.0"], ["1.2.2", "2.0.0", "2.0.0-rc.1"]],
  ["^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0"]],
  ["^0.0.3", ["0.0.3"], ["0.0.4"]],
  ["^0", ["0.0.1", "0.9.0"], ["1.0.0"]],
  ["~1.2.3", ["1.2.3", "1.2.9"], ["1.3.0"]],
  ["~1", ["1.9.0"], ["2.0.0"]],
  ["1.2", ["1.2.0", "1.2.9"], ["1.3.0", "1.1.0"]],
  ["1", ["1.0.0", "1.9.0"], ["2.0.0"]],
  ["=1.2.3", ["1.2.3"], ["1.2.4"]],
  ["1.2.3-rc.1", ["1.2.3-rc.1"], ["1.2.3"]],
  ["^1 || ^3", ["1.5.0", "3.1.0"], ["2.0.0"]],
  ["*", ["0.0.0", "9.9.9-a"], []],
])("%s", (range, inside, outside) => {
  const isWithin = parseVersionRange(range);
  expect(inside.filter((version) => !isWithin?.(versionOf(version)))).toEqual([]);
  expect(outside.filter((version) => isWithin?.(versionOf(version)))).toEqual([]);
});

test.each(["", "  ", ">=", "latest", "^1 ||", ">=1.2 and <2", "=>1"])("%j is no range", (text) => {
  expect(parseVersionRange(text)).toBeNull();
});
