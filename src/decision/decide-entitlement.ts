import type { EntitlementValue } from "../model/quantity.ts";
import { type Contribution, combine } from "./combine.ts";
import { overrideFor } from "./override.ts";
import { planInForce } from "./plan-in-force.ts";
import { placeFault, type Question } from "./question.ts";
import type { Reason } from "./reason.ts";
import type { FeatureSnapshot } from "./snapshot.ts";

export interface EntitlementDecision {
  readonly kind: "entitlement";
  /** The switch is on, the limit or quota is above 0, or there is a choice. */
  readonly isEntitled: boolean;
  /** Without entitlement: false, 0, or null for quotas, choices and unknown features. */
  readonly value: EntitlementValue | null;
  readonly reason: Reason;
  /** The plan's version or the override that gives it; null where nothing does. */
  readonly decidedBy: string | null;
  /** The subscription that brings the plan: `acme/subscription/platform`. */
  readonly through: string | null;
}

/** What an org has of a feature, if it is active; otherwise nothing. */
export function decideEntitlement(question: Question, name: string): EntitlementDecision {
  const feature = question.org.catalog.features.get(name);
  if (!feature) return { ...nothing, reason: "unknown-feature" };
  if (question.org.status !== "active") return noneOf(feature, "org-not-active");
  return entitlementInForce(question, feature);
}

/**
 * What an org's overrides and plans give it, whatever its status: the nearest override in force, else what the
 * plans in force give together.
 */
export function entitlementInForce(question: Question, feature: FeatureSnapshot): EntitlementDecision {
  const fault = placeFault(question);
  if (fault) return noneOf(feature, fault);
  return (
    overrideFor(question.org.entitlements.get(feature.name), question) ??
    combined(feature, contributions(question, feature.name)) ??
    noneOf(feature, "not-in-plan")
  );
}

/** Whether a value gives anything at all. */
export function isGiving(value: EntitlementValue | null): boolean {
  const amount = typeof value === "object" && value !== null ? value.amount : value;
  return amount !== null && amount !== false && amount !== 0;
}

/** What each product in force gives of a feature, in the catalog's order. */
export function contributions({ org, now }: Question, feature: string): Contribution[] {
  const found: Contribution[] = [];
  for (const product of org.catalog.products) {
    const inForce = planInForce(org, product.name, now);
    const value = inForce?.version.entitlements.get(feature);
    if (inForce && value !== undefined) found.push({ value, ...inForce });
  }
  return found;
}

function combined(feature: FeatureSnapshot, found: readonly Contribution[]): EntitlementDecision | null {
  const decisive = combine(feature, found);
  if (!decisive) return null;
  const { value, reason, contribution } = decisive;
  return {
    kind: "entitlement",
    isEntitled: isGiving(value),
    value,
    reason,
    decidedBy: contribution.version.address,
    through: contribution.subscription?.address ?? null,
  };
}

const nothing = {
  kind: "entitlement",
  isEntitled: false,
  value: null,
  decidedBy: null,
  through: null,
} as const;

function noneOf({ type }: FeatureSnapshot, reason: Reason): EntitlementDecision {
  return { ...nothing, value: type === "switch" ? false : type === "limit" ? 0 : null, reason };
}
