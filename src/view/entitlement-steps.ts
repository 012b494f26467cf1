import type {
  EntitlementExplanation,
  ExplainedProduct,
  ExplainedSubscription,
} from "../decision/explain-entitlement.ts";
import { printable } from "../diagnostic/printable.ts";
import type { Value } from "../model/value.ts";
import { answerValueText } from "./answer-value-text.ts";
import { dayText, overrideSteps } from "./override-steps.ts";

/** What was looked at for an entitlement: the org, the overrides at each level, then each product's plan in force. */
export function entitlementSteps(
  { orgStatus, overrides, products }: EntitlementExplanation,
  combine: "highest" | "sum",
  placed: (address: string) => string,
): string[] {
  if (overrides.length === 0) return [];
  const isOverridden = overrides.some(({ isInForce }) => isInForce);
  const giving = products.filter(({ contributes }) => contributes !== null);
  return [
    "",
    `The org is ${printable(orgStatus)}`,
    ...overrideSteps(overrides, placed),
    "",
    isOverridden ? "Plans in force, which the override goes before" : "Plans in force",
    ...products.flatMap((product) => productText(product, placed)),
    ...(giving.length > 1
      ? [combine === "sum" ? "  What they give adds up" : "  The highest of what they give counts"]
      : []),
  ];
}

function productText(
  { product, version, reason, subscription, contributes }: ExplainedProduct,
  placed: (address: string) => string,
): string[] {
  const gives =
    contributes === null ? "says nothing of it" : `gives ${answerValueText(contributes as Value)}`;
  const inForce =
    version === null
      ? "nothing in force"
      : `${printable(version)}, ${reasonWords[reason ?? "plan"]}, ${gives}`;
  return [
    `  ${printable(product)}: ${inForce}`,
    `    ${subscription === null ? "no subscription" : subscriptionText(subscription, placed)}`,
  ];
}

const reasonWords = {
  plan: "subscribed",
  trial: "on trial",
  fallback: "the fallback",
} as const satisfies Record<NonNullable<ExplainedProduct["reason"]>, string>;

function subscriptionText(
  { address, status, plan, starts, ends, trialEnds, renews, isInForce }: ExplainedSubscription,
  placed: (address: string) => string,
): string {
  const facts = [
    `subscription of ${plan ?? "no known plan"}`,
    status,
    starts === null ? null : `from ${dayText(starts)}`,
    trialEnds === null ? null : `trial until ${dayText(trialEnds)}`,
    ends === null ? null : `until ${dayText(ends)}${renews ? ", and renews" : ""}`,
    isInForce ? "in force" : "not in force",
  ];
  return `${printable(facts.filter((fact) => fact !== null).join(", "))}: ${placed(address)}`;
}
