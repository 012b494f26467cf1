import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCondition, opposite, type Truth } from "../../src/decision/condition.ts";
import {
  type AttributeType,
  type Condition,
  type Operator,
  operatorsFor,
} from "../../src/model/condition.ts";
import type { Value } from "../../src/model/value.ts";

const truthOf = (
  condition: Condition,
  attributes: Record<string, Value> = {},
  type: AttributeType | null = null,
): Truth =>
  compileCondition<Record<string, Value>>(condition, (name) => ({ type, read: (known) => known[name] }))(
    attributes,
  );

const testOf = (type: AttributeType | null, op: Operator, value: Value) => (actual: Value) =>
  truthOf({ attribute: "it", op, value }, { it: actual }, type);

describe("operators", () => {
  test.each<[AttributeType | null, Operator, Value, Value, Truth]>([
    ["text", "in", ["a", "b"], "b", "true"],
    ["text", "in", ["a", "b"], "c", "false"],
    ["text", "in", ["a"], "a", "true"],
    ["text", "in", ["1"], 1, "unknown"],
    ["text", "not_in", ["a", "b"], "b", "false"],
    ["text", "not_in", ["a", "b"], "c", "true"],
    ["text", "not_in", ["a"], 7, "unknown"],
    ["text", "starts_with", "ab", "abc", "true"],
    ["text", "starts_with", ["x", "ab"], "abc", "true"],
    ["text", "starts_with", "bc", "abc", "false"],
    ["text", "ends_with", "bc", "abc", "true"],
    ["text", "ends_with", "ab", "abc", "false"],
    ["text", "contains", "b", "abc", "true"],
    ["text", "contains", "d", "abc", "false"],
    ["text", "contains", "a", ["a"], "unknown"],
    ["number", "in", [1, 2], 2, "true"],
    ["number", "in", [1, 2], 3, "false"],
    ["number", "in", ["unlimited"], Number.POSITIVE_INFINITY, "true"],
    ["number", "in", [1], "1", "unknown"],
    ["number", "above", 5, 5, "false"],
    ["number", "above", 5, 6, "true"],
    ["number", "at_least", 5, 5, "true"],
    ["number", "at_least", 5, 4, "false"],
    ["number", "below", 5, 5, "false"],
    ["number", "below", 5, 4, "true"],
    ["number", "at_most", 5, 5, "true"],
    ["number", "at_most", 5, 6, "false"],
    ["number", "above", 5, "unlimited", "true"],
    ["number", "at_least", "unlimited", "unlimited", "true"],
    ["number", "above", 5, "6", "unknown"],
    ["switch", "in", [true], true, "true"],
    ["switch", "in", [true], false, "false"],
    ["switch", "in", [true], "true", "unknown"],
    ["choice", "in", ["eu", "us"], "eu", "true"],
    ["choice", "not_in", ["eu"], "us", "true"],
    ["date", "after", "2026-01-01", "2026-01-01T00:00:00Z", "false"],
    ["date", "after", "2026-01-01", "2026-01-01T00:00:01Z", "true"],
    ["date", "before", "2026-01-01", "2025-12-31T23:59:59Z", "true"],
    ["date", "before", "2026-01-01", "2026-01-01", "false"],
    ["date", "before", "2026-01-01T00:00:00.500Z", "2026-01-01T00:00:00Z", "true"],
    ["date", "after", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "true"],
    ["date", "in", ["2026-01-01"], "2026-01-01T00:00:00Z", "true"],
    ["date", "in", ["2026-01-01"], "2026-01-01T02:00:00+02:00", "true"],
    ["date", "after", "2026-01-01", "soon", "unknown"],
    ["date", "after", "2026-01-01", "2026-02-30", "unknown"],
    ["version", "in", ["1.2"], "1.2.0", "true"],
    ["version", "in", ["1.2.1", "1.2"], "1.3.0", "false"],
    ["version", "not_in", ["1.2"], "next", "unknown"],
    ["version", "above", "1.9.0", "1.10.0", "true"],
    ["version", "at_most", "1.9.0", "1.10.0", "false"],
    ["version", "semver", ">=1.2.0 <2", "1.10.3", "true"],
    ["version", "semver", ">=1.2.0 <2", "2.0.0", "false"],
    ["version", "semver", ">=1.2.0 <2", "two", "unknown"],
    ["version", "semver", "about 1", "1.0.0", "unknown"],
    ["list", "in", ["a", "b"], ["x", "b"], "true"],
    ["list", "in", ["a", "b"], ["x"], "false"],
    ["list", "in", ["a"], "a", "unknown"],
    ["list", "not_in", ["a"], ["a", "b"], "false"],
    ["list", "contains", "a", ["a", "b"], "true"],
    ["list", "contains", "c", ["a", "b"], "false"],
    [null, "in", ["a", 1], 1, "true"],
    [null, "in", ["a"], ["a"], "true"],
    [null, "above", 1, 2, "true"],
    [null, "above", "1.9", "1.10", "true"],
  ])("%s %s %j of %j is %s", (type, op, value, actual, expected) => {
    expect(testOf(type, op, value)(actual)).toBe(expected);
  });

  test("every operator of every type is unknown where the attribute is missing, but for present", () => {
    const types: AttributeType[] = ["text", "number", "switch", "date", "version", "choice", "list"];
    for (const type of types) {
      for (const op of operatorsFor(type)) {
        const condition = { attribute: "it", op, value: "1" };
        expect([type, op, truthOf(condition, {}, type)]).toEqual([
          type,
          op,
          op === "present" ? "false" : "unknown",
        ]);
        expect(truthOf(condition, { it: null }, type)).toBe(op === "present" ? "false" : "unknown");
      }
    }
  });

  test("present: false holds where it is missing", () => {
    expect(testOf("text", "present", false)(null)).toBe("true");
    expect(testOf("text", "present", false)("")).toBe("false");
    expect(testOf("text", "present", true)("")).toBe("true");
  });
});

/** Conditions over three attributes: one true, one false, one missing. */
const conditions = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small" },
    fc
      .constantFrom("yes", "no", "missing")
      .map((attribute): Condition => ({ attribute, op: "in", value: [true] })),
    fc.record({ all: fc.array(tie("condition"), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("condition"), { maxLength: 3 }) }),
    fc.record({ not: tie("condition") }),
  ),
})).condition;
const known = { yes: true, no: false };
const evaluate = (condition: Condition) => truthOf(condition, known, "switch");

describe("Kleene's logic", () => {
  const strengths = { false: 0, unknown: 1, true: 2 } as const;
  const pair = fc.tuple(conditions, conditions);

  test("all is the weakest of its parts", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const parts = [evaluate(a), evaluate(b)].map((truth) => strengths[truth]);
        expect(strengths[evaluate({ all: [a, b] })]).toBe(Math.min(...parts));
      }),
    );
  });

  test("any is the strongest of its parts", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const parts = [evaluate(a), evaluate(b)].map((truth) => strengths[truth]);
        expect(strengths[evaluate({ any: [a, b] })]).toBe(Math.max(...parts));
      }),
    );
  });

  test("not turns around, twice is nothing, and De Morgan's laws hold", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(evaluate({ not: a })).toBe(opposite(evaluate(a)));
        expect(evaluate({ not: { not: a } })).toBe(evaluate(a));
        expect(evaluate({ not: { all: [a, b] } })).toBe(evaluate({ any: [{ not: a }, { not: b }] }));
      }),
    );
  });

  test("learning what was missing never overturns what was known", () => {
    fc.assert(
      fc.property(conditions, fc.boolean(), (condition, missing) => {
        const before = evaluate(condition);
        if (before !== "unknown") expect(truthOf(condition, { ...known, missing }, "switch")).toBe(before);
      }),
    );
  });

  test("all of nothing is true, any of nothing false", () => {
    expect([evaluate({ all: [] }), evaluate({ any: [] })]).toEqual(["true", "false"]);
  });
});
