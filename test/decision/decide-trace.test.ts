import { expect, test } from "vitest";
import { decideTrace } from "../../src/decision/decide-trace.ts";
import { acme, declare } from "./acme-cloud.ts";

test.each([
  ["all", false, 0.99, true],
  ["errors_only", true, 0.99, true],
  ["errors_only", false, 0, false],
  ["sampled", false, 0.09, true],
  ["sampled", false, 0.1, false],
  ["sampled", true, 0.5, false],
  ["none", true, 0, false],
  ["constructor", true, 0, false],
])("%s, error %s, die %s: %s", (mode, isError, die, isTraced) => {
  const org = acme([declare("trace", { mode, sample_rate: 0.1, retention_days: 14 })]);
  expect(decideTrace(org, { isError, die })).toEqual({
    kind: "trace",
    isTraced,
    retentionDays: 14,
    reason: "trace-mode",
    decidedBy: "acme/trace",
  });
});

test("an org that says nothing is not traced", () => {
  expect(decideTrace(acme([]), { isError: true, die: 0 })).toMatchObject({
    isTraced: false,
    retentionDays: 30,
    decidedBy: null,
  });
});
