import { expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { sortDiagnostics } from "../../src/diagnostic/sort-diagnostics.ts";

const place = (path: string, start: number) => ({
  file: { path, text: "x".repeat(200) },
  start,
  end: start + 1,
});

it("sorts by file, place and code, with what has no place first", () => {
  const sorted = sortDiagnostics([
    diagnostic("unknown-role", place("b.yaml", 3), "1"),
    diagnostic("unknown-role", place("a.yaml", 20), "2"),
    diagnostic("unknown-role", place("a.yaml", 100), "3"),
    diagnostic("bad-email", place("a.yaml", 20), "4"),
    diagnostic("no-manifests", null, "5"),
  ]);
  expect(sorted.map(({ detail }) => detail)).toEqual(["5", "4", "2", "3", "1"]);
});

it("keeps what is said twice of one place once", () => {
  const twice = [1, 2].map(() => diagnostic("bad-email", place("a.yaml", 20), "same"));
  const other = diagnostic("bad-email", place("a.yaml", 20), "other");
  expect(sortDiagnostics([...twice, other])).toEqual([twice[0], other]);
});

it("leaves its argument as it is", () => {
  const given = [
    diagnostic("bad-email", place("b.yaml", 0), ""),
    diagnostic("bad-email", place("a.yaml", 0), ""),
  ];
  const copy = [...given];
  sortDiagnostics(given);
  expect(given).toEqual(copy);
});
