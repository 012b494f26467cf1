import { describe, expect, test } from "vitest";
import type { ActualRow } from "../../src/model/state.ts";
import { countRemovals, weighRemovals } from "../../src/plan/max-removals.ts";
import { actualScope, declared, desiredScope, foreign, madePlanOf, owned } from "./estate.ts";

const members = (count: number, owner = owned) =>
  Array.from({ length: count }, (_, index) =>
    owner("member", `${owner.name}${index}`, { key: `${owner.name}${index}@acme.example` }),
  );
const settings = (percent: number | null) => ({ name: "acme-cloud", max_removals: percent });

interface Guard {
  readonly before: number | null;
  readonly after: number | null;
}

/** The plan for an org of which the manifests declare the org alone. */
function planWithout(rows: readonly ActualRow[], { before, after }: Guard = { before: 25, after: 25 }) {
  const made = madePlanOf({
    desired: {
      catalog: desiredScope(null, [declared("catalog", "", settings(after))]),
      orgs: [desiredScope("acme", [declared("org", "", { slug: "acme" })])],
    },
    actual: {
      catalog: actualScope(null, "catalog", [owned("catalog", "c1", settings(before))]),
      orgs: [actualScope("acme", "o1", [owned("org", "o1", { slug: "acme" }), ...rows])],
    },
  });
  return made.planned;
}

const found = (rows: readonly ActualRow[], guard?: Guard, estateRows = 1_000) =>
  weighRemovals(planWithout(rows, guard), estateRows).findings;

test("more removals than the guard lets go at once stop the plan, with how many of how many", () => {
  expect(found([...members(12), ...members(18, foreign)])).toEqual([
    {
      code: "max-removals",
      subject: "acme",
      message: "acme would lose 12 of 30 members (40 %); guards.max_removals lets 25 % go at once.",
      help: "Remove fewer at a time; to let it pass once: --allow max-removals:acme",
      canPass: true,
      at: { org: "acme", path: [] },
    },
  ]);
});

test("each kind is weighed by itself, and what is not removed counts too", () => {
  const teams = Array.from({ length: 10 }, (_, index) =>
    owned("team", `t${index}`, { name: `team-${index}` }),
  );
  expect(found([...members(10), ...members(30, foreign), ...teams]).map(({ message }) => message)).toEqual([
    "acme would lose 10 of 10 teams (100 %); guards.max_removals lets 25 % go at once.",
  ]);
});

test("fewer than ten removals never stop, nor does exactly the share", () => {
  expect(found(members(9))).toEqual([]);
  expect(found(members(10))).toHaveLength(1);
  expect(found([...members(10), ...members(30, foreign)])).toEqual([]);
  expect(found([...members(10), ...members(29, foreign)])).toHaveLength(1);
});

describe("the guard", () => {
  test("is not loosened by the plan that it stops", () => {
    expect(found(members(12), { before: 25, after: 100 })).toHaveLength(1);
    expect(found(members(12), { before: 25, after: null })).toHaveLength(1);
    expect(found(members(12), { before: 100, after: 25 })).toHaveLength(1);
    expect(found(members(12), { before: null, after: 25 })).toHaveLength(1);
  });

  test("stops nothing where none is set", () => {
    expect(weighRemovals(planWithout(members(12), { before: null, after: null }), 12)).toEqual({
      findings: [],
      headroom: [],
    });
  });
});

test("removals from all orgs are weighed against the rows of all, read or not", () => {
  const rows = [...members(12), ...members(36, foreign)];
  expect(
    found(rows, undefined, 40).map(({ subject, message, help, at }) => [subject, message, help, at]),
  ).toEqual([
    [
      "estate",
      "The estate would lose 12 of 40 rows of all orgs (30 %); guards.max_removals lets 25 % go at once.",
      "Remove fewer at a time; to let it pass once: --allow max-removals:estate",
      null,
    ],
  ]);
  expect(found(rows, undefined, 48)).toEqual([]);
  expect(countRemovals(planWithout(rows))).toBe(12);
});

test("the catalog's removals are weighed as an org's are", () => {
  const flags = Array.from({ length: 12 }, (_, index) =>
    owned("flag", `f${index}`, { name: `flag-${index}` }),
  );
  const { planned } = madePlanOf({
    desired: { catalog: desiredScope(null, [declared("catalog", "", settings(25))]) },
    actual: { catalog: actualScope(null, "catalog", [owned("catalog", "c1", settings(25)), ...flags]) },
  });
  expect(weighRemovals(planned, 0).findings).toMatchObject([
    {
      subject: "catalog",
      message: "The catalog would lose 12 of 12 flags (100 %); guards.max_removals lets 25 % go at once.",
      at: { org: null, path: [] },
    },
  ]);
});

test("of fewer than ten removals the estate is not counted", () => {
  expect(weighRemovals(planWithout([...members(1), ...members(23, foreign)]), null).headroom).toEqual([
    { org: "acme", kind: "member", removals: 1, of: 24, limit: 0.25 },
  ]);
});

test("how near the brakes are is told of every org and kind with removals", () => {
  expect(weighRemovals(planWithout([...members(1), ...members(23, foreign)]), 240).headroom).toEqual([
    { org: "acme", kind: "member", removals: 1, of: 24, limit: 0.25 },
    { org: null, kind: null, removals: 1, of: 240, limit: 0.25 },
  ]);
});

test("a purge is stopped by another brake, and weighs nothing here", () => {
  const gone = { slug: "acme", status: "deleted", purge_after: "2026-11-01T00:00:00Z" };
  const { planned } = madePlanOf({
    desired: { catalog: desiredScope(null, [declared("catalog", "", settings(25))]) },
    actual: {
      catalog: actualScope(null, "catalog", [owned("catalog", "c1", settings(25))]),
      orgs: [actualScope("acme", "o1", [owned("org", "o1", gone), ...members(20)])],
    },
  });
  expect(planned[1]?.changes).toHaveLength(21);
  expect(weighRemovals(planned, 21)).toEqual({ findings: [], headroom: [] });
  expect(countRemovals(planned)).toBe(0);
});
