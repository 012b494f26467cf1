import fc from "fast-check";
import { expect, test } from "vitest";
import { decideEntitlement } from "../../src/decision/decide-entitlement.ts";
import { explainEntitlement } from "../../src/decision/explain-entitlement.ts";
import { ask, at, declare } from "./acme-cloud.ts";
import { askedAnywhere } from "./asked-anywhere.ts";

test("each product's plan in force, why, and what it gives", () => {
  const resources = [
    declare("subscription", {
      product: "platform",
      plan: "team@2",
      status: "trial",
      trial_ends: "2026-10-01T00:00:00Z",
    }),
    declare("subscription", { product: "addons", plan: "boost@1" }),
    declare("entitlement", { feature: "seats", value: 99, starts: "2027-01-01T00:00:00Z" }),
  ];
  expect(explainEntitlement(ask(resources), "seats")).toEqual({
    decision: decideEntitlement(ask(resources), "seats"),
    orgStatus: "active",
    overrides: [
      {
        at: "org",
        place: null,
        decision: expect.objectContaining({ value: 99 }),
        starts: at("2027-01-01T00:00:00Z"),
        until: null,
        isInForce: false,
      },
    ],
    products: [
      {
        product: "platform",
        version: "free@1",
        reason: "fallback",
        subscription: {
          address: "acme/subscription/platform",
          status: "trial",
          plan: "team@2",
          starts: null,
          ends: null,
          trialEnds: at("2026-10-01T00:00:00Z"),
          renews: true,
          isInForce: false,
        },
        contributes: 3,
      },
      {
        product: "addons",
        version: "boost@1",
        reason: "plan",
        subscription: expect.objectContaining({ isInForce: true }),
        contributes: 10,
      },
    ],
  });
});

test("an unknown feature is given by nothing", () => {
  const { decision, overrides, products } = explainEntitlement(ask([]), "toString");
  expect([decision.reason, overrides]).toEqual(["unknown-feature", []]);
  expect(products.every(({ contributes }) => contributes === null)).toBe(true);
});

test("an explanation amounts to the decision, in any estate", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(askedAnywhere, fc.constantFrom("seats", "sso"), (question, name) => {
      const { decision, orgStatus, overrides, products } = explainEntitlement(question, name);
      expect(decision).toEqual(decideEntitlement(question, name));
      seen.set(decision.reason, (seen.get(decision.reason) ?? 0) + 1);
      if (decision.reason === "org-not-active") expect(orgStatus).not.toBe("active");
      if (
        ["org-not-active", "unknown-workspace", "unknown-environment", "wrong-place"].includes(
          decision.reason,
        )
      )
        return;
      const override = overrides.find(({ isInForce }) => isInForce);
      const [platform] = products;
      if (override) expect(decision).toBe(override.decision);
      else if (platform?.contributes == null) expect(decision.reason).toBe("not-in-plan");
      else expect([decision.value, decision.reason]).toEqual([platform.contributes, platform.reason]);
    }),
    { numRuns: 1000, seed: 1 },
  );
  for (const reason of ["override", "plan", "fallback", "not-in-plan", "org-not-active"])
    expect(seen.get(reason), reason).toBeGreaterThan(0);
}, 60_000);
