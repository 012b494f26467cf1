import { type Amount, type EntitlementValue, type Quota, secondsOf } from "../model/quantity.ts";
import type { PlanInForce } from "./plan-in-force.ts";
import type { Reason } from "./reason.ts";
import type { FeatureSnapshot } from "./snapshot.ts";

/** What one product's plan gives of a feature. */
export interface Contribution extends PlanInForce {
  readonly value: EntitlementValue;
}

export interface Combined {
  readonly value: EntitlementValue;
  readonly reason: Reason;
  /** The highest; of equals the first product's. */
  readonly contribution: Contribution;
}

/**
 * Several products' contributions as one: of switches any, of the others the highest, or their sum where the
 * feature says so. Quotas of different periods do not add up: of those it is the one that allows the most a second.
 */
export function combine(feature: FeatureSnapshot, contributions: readonly Contribution[]): Combined | null {
  let highest: Contribution | null = null;
  for (const each of contributions) {
    if (!highest || rank(feature, each.value) > rank(feature, highest.value)) highest = each;
  }
  if (!highest) return null;
  const sum = feature.combine === "sum" && contributions.length > 1 ? sumOf(contributions) : null;
  return sum === null
    ? { value: highest.value, reason: highest.reason, contribution: highest }
    : { value: sum, reason: "sum", contribution: highest };
}

function rank({ type, choices }: FeatureSnapshot, value: EntitlementValue): number {
  if (type === "choice") return choices.indexOf(value as string);
  if (typeof value === "object") return size(value.amount) / secondsOf[value.per];
  return isAmount(value) ? size(value) : Number(value);
}

function size(amount: Amount): number {
  return amount === "unlimited" ? Number.POSITIVE_INFINITY : amount;
}

/** null: what does not add up. */
function sumOf(contributions: readonly Contribution[]): EntitlementValue | null {
  const values = contributions.map(({ value }) => value);
  if (values.every(isAmount)) return added(values);
  if (!values.every(isQuota)) return null;
  const [first] = values;
  if (!first || values.some(({ per }) => per !== first.per)) return null;
  return { amount: added(values.map(({ amount }) => amount)), per: first.per };
}

function added(amounts: readonly Amount[]): Amount {
  const total = amounts.reduce((sum: number, amount) => sum + size(amount), 0);
  return total === Number.POSITIVE_INFINITY ? "unlimited" : total;
}

function isAmount(value: EntitlementValue): value is Amount {
  return typeof value === "number" || value === "unlimited";
}

function isQuota(value: EntitlementValue): value is Quota {
  return typeof value === "object";
}
