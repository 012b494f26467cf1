import type { Explained } from "../decision/explain.ts";
import type { EntitlementExplanation } from "../decision/explain-entitlement.ts";
import type { FlagExplanation } from "../decision/explain-flag.ts";
import type { LookedFor } from "../decision/explain-override.ts";
import type { PermissionExplanation } from "../decision/explain-permission.ts";
import { timeText } from "./condition-steps.ts";

/** An answer as data, of the shape that the native API gives it. */
export function answerJson({ kind, name, explanation: { decision } }: Explained): object {
  const { reason, decidedBy } = decision;
  const named = { kind, [kind]: name };
  switch (decision.kind) {
    case "permission":
      return {
        ...named,
        allowed: decision.isAllowed,
        reason,
        decided_by: decidedBy,
        through: decision.through,
      };
    case "flag":
      return { ...named, value: decision.value, variant: decision.variant, reason, decided_by: decidedBy };
    case "entitlement":
      return {
        ...named,
        entitled: decision.isEntitled,
        value: decision.value,
        reason,
        decided_by: decidedBy,
        through: decision.through,
      };
  }
}

/** All that was looked at, as data. Fields may be added to a version of the format, and are never taken away. */
export function explanationJson(explained: Explained): object {
  switch (explained.kind) {
    case "permission":
      return permissionJson(explained.explanation);
    case "flag":
      return flagJson(explained.explanation);
    case "entitlement":
      return { ...entitlementJson(explained.explanation), combine: explained.combine };
  }
}

function permissionJson({ checks, roles }: PermissionExplanation): object {
  return {
    checks: checks.map(({ check, isPassed, found }) => ({ check, passed: isPassed, found })),
    roles: roles.map(({ role, team, heldIn, through, clauses }) => ({
      role,
      held_in: heldIn,
      team,
      through,
      clauses: clauses.map(({ effect, address, condition, truth, attributes }) => ({
        effect,
        address,
        condition,
        truth,
        attributes,
      })),
    })),
  };
}

function flagJson({ decision: { undetermined }, overrides, rules }: FlagExplanation): object {
  return {
    undetermined,
    overrides: overrides.map(overrideJson),
    rules: rules.map(({ rule, condition, truth, attributes, by, rollout, bucket, split, outcome }) => ({
      rule,
      condition,
      truth,
      attributes,
      by,
      rollout,
      bucket,
      split,
      outcome,
    })),
  };
}

function entitlementJson({ orgStatus, overrides, products }: EntitlementExplanation): object {
  return {
    org_status: orgStatus,
    overrides: overrides.map(overrideJson),
    products: products.map(({ product, version, reason, subscription, contributes }) => ({
      product,
      version,
      reason,
      contributes,
      subscription: subscription && {
        address: subscription.address,
        status: subscription.status,
        plan: subscription.plan,
        starts: timeJson(subscription.starts),
        ends: timeJson(subscription.ends),
        trial_ends: timeJson(subscription.trialEnds),
        renews: subscription.renews,
        in_force: subscription.isInForce,
      },
    })),
  };
}

function overrideJson({
  at,
  place,
  decision,
  starts,
  until,
  isInForce,
}: LookedFor<{ readonly value: unknown; readonly decidedBy: string | null }>): object {
  return {
    at,
    place,
    value: decision?.value ?? null,
    decided_by: decision?.decidedBy ?? null,
    starts: timeJson(starts),
    until: timeJson(until),
    in_force: isInForce,
  };
}

function timeJson(milliseconds: number | null): string | null {
  return milliseconds === null ? null : timeText(milliseconds);
}
