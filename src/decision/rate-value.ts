import { type Rate, type RatePeriod, secondsOf } from "../model/quantity.ts";
import { isList, type Value } from "../model/value.ts";

/** The rate of a row's two values; null for what is none: a row that was written by hand may hold anything. */
export function rateOf(amount: Value | undefined, per: Value | undefined): Rate | null {
  const isPeriod = typeof per === "string" && Object.hasOwn(secondsOf, per);
  return typeof amount === "number" && isPeriod ? { amount, per: per as RatePeriod } : null;
}

/** The rates that a plan's version gives, by name. */
export function ratesOf(given: Value): ReadonlyMap<string, Rate> {
  if (typeof given !== "object" || given === null || isList(given)) return new Map();
  return new Map(
    Object.entries(given).flatMap(([name, value]) => {
      if (typeof value !== "object" || value === null || isList(value)) return [];
      const rate = rateOf(value.amount, value.per);
      return rate ? [[name, rate] as const] : [];
    }),
  );
}
