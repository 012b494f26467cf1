import { expect, test } from "vitest";
import { commitText } from "../../src/view/commit-text.ts";

const sha = "9f3c2e1".padEnd(40, "0");

test.each([
  [sha, "9f3c2e1"],
  [`${sha} (edited)`, "9f3c2e1 (edited)"],
  [sha.padEnd(64, "0"), "9f3c2e1"],
  ["release-2026.11", "release-2026.11"],
  ["9f3c2e1", "9f3c2e1"],
  [`${sha}0`, `${sha}0`],
])("%s reads %s", (recorded, read) => {
  expect(commitText(recorded)).toBe(read);
});
