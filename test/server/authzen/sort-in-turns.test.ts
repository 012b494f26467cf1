import fc from "fast-check";
import { expect, test } from "vitest";
import { sortInTurns } from "../../../src/server/authzen/sort-in-turns.ts";

test("sorts by code unit, whatever the names are", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "binary" })), async (names) => {
      expect(await sortInTurns(names)).toEqual([...names].sort());
    }),
  );
});

test.each([0, 1, 2_047, 2_048, 2_049, 4_096, 10_001])("sorts %i names, with turns between", async (count) => {
  const names = Array.from({ length: count }, (_, at) => String((at * 7_919) % 10_007));
  let turns = 0;
  let isSorting = true;
  const turn = () => {
    turns++;
    if (isSorting) setImmediate(turn);
  };
  setImmediate(turn);
  const sorted = await sortInTurns(names);
  isSorting = false;
  expect(sorted).toEqual([...names].sort());
  expect(turns).toBeGreaterThanOrEqual(Math.floor(count / 2_048));
});
