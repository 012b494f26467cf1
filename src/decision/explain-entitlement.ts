import type { EntitlementValue } from "../model/quantity.ts";
import { contributions, decideEntitlement, type EntitlementDecision } from "./decide-entitlement.ts";
import { explainOverride, finite, type LookedFor } from "./explain-override.ts";
import { type PlanInForce, planInForce } from "./plan-in-force.ts";
import type { Question } from "./question.ts";
import type { SubscriptionSnapshot } from "./snapshot.ts";

/** An entitlement's decision with all that was looked at, for people. */
export interface EntitlementExplanation {
  readonly decision: EntitlementDecision;
  readonly orgStatus: string;
  /** Where an override was looked for, the nearest first. */
  readonly overrides: readonly LookedFor<EntitlementDecision>[];
  /** Every product of the catalog: what of it is in force, and what that gives where no override is in force. */
  readonly products: readonly ExplainedProduct[];
}

export interface ExplainedProduct {
  readonly product: string;
  /** `team@2`; null: there is neither a subscription in force nor a fallback. */
  readonly version: string | null;
  readonly reason: PlanInForce["reason"] | null;
  /** null: nothing is subscribed to. */
  readonly subscription: ExplainedSubscription | null;
  /** null: nothing. */
  readonly contributes: EntitlementValue | null;
}

/** Times are milliseconds; null: none. */
export interface ExplainedSubscription {
  readonly address: string;
  readonly status: string;
  readonly plan: string | null;
  readonly starts: number | null;
  readonly ends: number | null;
  readonly trialEnds: number | null;
  readonly renews: boolean;
  readonly isInForce: boolean;
}

/** Why `decideEntitlement` answers as it does. */
export function explainEntitlement(question: Question, name: string): EntitlementExplanation {
  const { org, now } = question;
  const feature = org.catalog.features.get(name);
  const given = feature ? contributions(question, name) : [];
  return {
    decision: decideEntitlement(question, name),
    orgStatus: org.status,
    overrides: feature ? explainOverride(org.entitlements.get(name), question) : [],
    products: org.catalog.products.map(({ name: product }) => {
      const inForce = planInForce(org, product, now);
      const subscription = org.subscriptions.get(product);
      return {
        product,
        version: inForce?.version.key ?? null,
        reason: inForce?.reason ?? null,
        subscription: subscription
          ? explainedSubscription(subscription, inForce?.subscription === subscription)
          : null,
        contributes: given.find(({ version }) => version === inForce?.version)?.value ?? null,
      };
    }),
  };
}

function explainedSubscription(
  { address, status, plan, starts, ends, trialEnds, renews }: SubscriptionSnapshot,
  isInForce: boolean,
): ExplainedSubscription {
  return {
    address,
    status,
    plan: plan?.key ?? null,
    starts: finite(starts),
    ends: finite(ends),
    trialEnds: finite(trialEnds),
    renews,
    isInForce,
  };
}
