import type { OrgSnapshot, PlanVersionSnapshot, SubscriptionSnapshot } from "./snapshot.ts";

export interface PlanInForce {
  readonly version: PlanVersionSnapshot;
  readonly reason: "plan" | "trial" | "fallback";
  /** null: nothing is subscribed to, or not any more. */
  readonly subscription: SubscriptionSnapshot | null;
}

/** What an org has of a product: the subscribed version while that is in force, else the fallback; null: neither. */
export function planInForce(org: OrgSnapshot, product: string, now: number): PlanInForce | null {
  const subscription = org.subscriptions.get(product);
  const version = subscription && subscribedVersion(subscription, now);
  if (version) return { version, reason: subscription.status === "trial" ? "trial" : "plan", subscription };
  return org.catalog.fallbacks.get(product) ?? null;
}

/** The version alone: conditions ask for it often. */
export function versionInForce(org: OrgSnapshot, product: string, now: number): PlanVersionSnapshot | null {
  const subscription = org.subscriptions.get(product);
  const version = subscription && subscribedVersion(subscription, now);
  return version ?? org.catalog.fallbacks.get(product)?.version ?? null;
}

/** null: what is subscribed to is not in force. */
function subscribedVersion(subscription: SubscriptionSnapshot, now: number): PlanVersionSnapshot | null {
  if (!isInForce(subscription, now)) return null;
  const { plan, nextPlan, nextFrom } = subscription;
  return nextFrom !== null && now >= nextFrom ? (nextPlan ?? plan) : plan;
}

/** A trial without an end, or a cancellation without one, is over. An active one that renews outlives its end. */
function isInForce({ status, starts, ends, trialEnds, renews }: SubscriptionSnapshot, now: number): boolean {
  // Turned around, so that a start that is no time is never reached.
  if (starts !== null && !(now >= starts)) return false;
  switch (status) {
    case "active":
      return renews || ends === null || Number.isNaN(ends) || now < ends;
    case "trial":
      return trialEnds !== null && now < trialEnds;
    case "cancelled":
      return ends !== null && now < ends;
    default:
      return false;
  }
}
