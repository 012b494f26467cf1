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
  if (subscription && isInForce(subscription, now)) {
    const version =
      now >= subscription.nextFrom ? (subscription.nextPlan ?? subscription.plan) : subscription.plan;
    const reason = subscription.status === "trial" ? "trial" : "plan";
    if (version) return { version, reason, subscription };
  }
  const fallback = org.catalog.products.find(({ name }) => name === product)?.fallback;
  return fallback ? { version: fallback, reason: "fallback", subscription: null } : null;
}

/** A trial without an end, or a cancellation without one, is over. An active one that renews outlives its end. */
function isInForce({ status, starts, ends, trialEnds, renews }: SubscriptionSnapshot, now: number): boolean {
  // Turned around, so that a start that is no time is never reached.
  if (!(now >= starts)) return false;
  switch (status) {
    case "active":
      return renews || Number.isNaN(ends) || now < ends;
    case "trial":
      return now < trialEnds;
    case "cancelled":
      return now < ends;
    default:
      return false;
  }
}
