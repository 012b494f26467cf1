import fc from "fast-check";
import { expect, test } from "vitest";
import { decideFlag } from "../../src/decision/decide-flag.ts";
import { explainFlag } from "../../src/decision/explain-flag.ts";
import { ask, at, declare } from "./acme-cloud.ts";
import { askedAnywhere } from "./asked-anywhere.ts";

const places = [
  declare("workspace", { slug: "web" }),
  declare("environment", { workspace: "web", slug: "live" }),
];

test("each place that was looked at, and each rule with its truth, bucket and share", () => {
  const resources = [
    ...places,
    declare("flag_override", {
      flag: "new_dashboard",
      value: true,
      workspace: "web",
      until: "2026-10-01T00:00:00Z",
    }),
  ];
  expect(explainFlag(ask(resources, { environment: "web/live" }), "new_dashboard")).toMatchObject({
    decision: { value: false, reason: "default" },
    overrides: [
      { at: "environment", place: "web/live", decision: null, isInForce: false },
      {
        at: "workspace",
        place: "web",
        decision: { value: true },
        starts: null,
        until: at("2026-10-01T00:00:00Z"),
        isInForce: false,
      },
      { at: "org", place: null, decision: null, isInForce: false },
    ],
    rules: [
      {
        rule: "catalog/flag/new_dashboard#rules/0",
        truth: "false",
        attributes: [
          { name: "org.plan", value: "free" },
          { name: "org.created_at", value: at("2024-03-01T00:00:00Z") },
        ],
        rollout: null,
        bucket: null,
        outcome: "condition-false",
      },
      {
        rule: "catalog/flag/new_dashboard#rules/1",
        truth: "true",
        by: "org",
        rollout: 25_000,
        bucket: 76_999,
        split: null,
        outcome: "outside-share",
      },
    ],
  });
});

test("a split says its shares and the bucket in it", () => {
  const { decision, rules } = explainFlag(ask([]), "checkout");
  const [rule] = rules;
  expect(rule?.split?.shares).toEqual([
    { variant: "new", below: 50_000 },
    { variant: "test", below: 100_000 },
  ]);
  const bucket = rule?.split?.bucket ?? -1;
  expect(decision.variant).toBe(bucket < 50_000 ? "new" : "test");
});

test("an unknown flag has nothing to look at", () => {
  expect(explainFlag(ask([]), "constructor")).toMatchObject({
    decision: { reason: "unknown-flag" },
    overrides: [],
    rules: [],
  });
});

test("an explanation amounts to the decision, in any estate", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(askedAnywhere, fc.constantFrom("checkout", "steady"), (question, name) => {
      const { decision, overrides, rules } = explainFlag(question, name);
      expect(decision).toEqual(decideFlag(question, name));
      seen.set(decision.reason, (seen.get(decision.reason) ?? 0) + 1);
      if (["unknown-workspace", "unknown-environment", "wrong-place"].includes(decision.reason)) return;
      const override = overrides.find(({ isInForce }) => isInForce);
      const serving = rules.find(({ outcome }) => outcome === "serves");
      if (override) expect(decision).toBe(override.decision);
      else expect(decision.decidedBy).toBe(serving?.rule ?? `catalog/flag/${name}`);
    }),
    { numRuns: 1000, seed: 1 },
  );
  for (const reason of ["override", "rollout", "default", "undetermined"])
    expect(seen.get(reason), reason).toBeGreaterThan(0);
}, 60_000);
