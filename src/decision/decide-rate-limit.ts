import { type Rate, secondsOf } from "../model/quantity.ts";
import { overrideFor } from "./override.ts";
import { planInForce } from "./plan-in-force.ts";
import { questionOf } from "./question.ts";
import type { OrgSnapshot } from "./snapshot.ts";

export interface RateLimitDecision {
  readonly value: Rate;
  readonly source: RateLimitSource;
  /** `acme/rate_limit/api`, `catalog/plan/team@2` or `catalog/rate_limit/api`. */
  readonly decidedBy: string;
}

export type RateLimitSource = "override" | "plan" | "catalog";

/**
 * How often an org may do something: its own limit while that is in force, else the highest of its plans in force,
 * else the catalog's. Of different periods the highest is what allows the most a second; of equals the first product's.
 * null: the catalog has no such limit.
 */
export function decideRateLimit(org: OrgSnapshot, name: string, now: number): RateLimitDecision | null {
  const general = org.catalog.rateLimits.get(name);
  if (!general) return null;
  return (
    overrideFor(org.rateLimits.get(name), questionOf({ org, now })) ?? ofPlans(org, name, now) ?? general
  );
}

function ofPlans(org: OrgSnapshot, name: string, now: number): RateLimitDecision | null {
  let highest: RateLimitDecision | null = null;
  for (const product of org.catalog.products) {
    const version = planInForce(org, product.name, now)?.version;
    const value = version?.rateLimits.get(name);
    if (version && value && (!highest || perSecond(value) > perSecond(highest.value)))
      highest = { value, source: "plan", decidedBy: version.address };
  }
  return highest;
}

function perSecond({ amount, per }: Rate): number {
  return amount / secondsOf[per];
}
