import { byCodeUnit } from "../../model/value.ts";
import { planInForce } from "../plan-in-force.ts";
import type { OrgSnapshot, SubscriptionSnapshot } from "../snapshot.ts";
import type { MonthlyDifference } from "./impact.ts";

/** What an org pays a month, by currency, in twelfths of ten-thousandths: annual prices leave no rest. */
export interface MonthlyCost {
  readonly amounts: ReadonlyMap<string, bigint>;
  /** A paid subscription has no price by the month. */
  readonly isUnpriced: boolean;
}

export const noCost: MonthlyCost = { amounts: new Map(), isUnpriced: false };

const scale = 10_000n;
const months = 12n;

/** The subscriptions in force that are no trials, each as often as it is bought. */
export function monthlyCost(org: OrgSnapshot, now: number): MonthlyCost {
  if (org.subscriptions.size === 0) return noCost;
  const amounts = new Map<string, bigint>();
  let isUnpriced = false;
  for (const product of org.subscriptions.keys()) {
    const inForce = planInForce(org, product, now);
    if (!inForce?.subscription || inForce.reason === "trial") continue;
    const { prices } = inForce.version;
    const { cycle, quantity } = inForce.subscription;
    const price = prices.get(cycle);
    const parts = partsOf(inForce.subscription);
    if (price && parts !== null) {
      const sum = amounts.get(price.currency) ?? 0n;
      amounts.set(price.currency, sum + exactly(price.amount) * parts * BigInt(quantity));
    } else if (prices.size > 0) isUnpriced = true;
  }
  return { amounts, isUnpriced };
}

/** How many twelfths of its price a subscription costs a month; null where its cycle has no length. */
function partsOf({ cycle }: SubscriptionSnapshot): bigint | null {
  return cycle === "monthly" ? months : cycle === "annual" ? 1n : null;
}

/** Ten-thousandths of an amount such as `49.00`. */
function exactly(amount: string): bigint {
  const [whole = "0", part = ""] = amount.split(".");
  return BigInt(whole) * scale + BigInt(part.padEnd(4, "0"));
}

/** The second less the first, by currency. */
export function costDifference(before: MonthlyCost, after: MonthlyCost): ReadonlyMap<string, bigint> {
  const difference = new Map(after.amounts);
  for (const [currency, amount] of before.amounts)
    difference.set(currency, (difference.get(currency) ?? 0n) - amount);
  return new Map([...difference].filter(([, amount]) => amount !== 0n));
}

/** By currency, rounded to hundredths, halves away from nought. */
export function asMonthly(amounts: ReadonlyMap<string, bigint>): readonly MonthlyDifference[] {
  return [...amounts]
    .filter(([, amount]) => amount !== 0n)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([currency, amount]) => ({ currency, amount: decimalText(amount) }));
}

function decimalText(amount: bigint): string {
  const unit = (scale * months) / 100n;
  const size = amount < 0n ? -amount : amount;
  const digits = String((2n * size + unit) / (2n * unit)).padStart(3, "0");
  const text = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
  return amount < 0n && /[1-9]/.test(text) ? `-${text}` : text;
}
