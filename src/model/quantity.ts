import { isList, type Value } from "./value.ts";

/** What a feature gives: true or false, how many may exist, how much may be used, or one of rising choices. */
export type FeatureType = "switch" | "limit" | "quota" | "choice";

/** A whole number from 0, or no bound at all. */
export type Amount = number | "unlimited";

/** How much may be used in a period. */
export type Quota = { readonly amount: Amount; readonly per: Period };

/** How often at most. */
export type Rate = { readonly amount: number; readonly per: RatePeriod };

/** A switch's, limit's, quota's or choice's value, in the one form that is kept and compared. */
export type EntitlementValue = boolean | Amount | Quota | string;

export type Period = Exclude<RatePeriod, "second">;
export type RatePeriod = keyof typeof secondsOf;

/** How long a period is; a month is 30 days and a year 365 where only length matters. */
export const secondsOf = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
} as const;

/** Reads what a person writes for a feature: `true`, `50`, `unlimited`, `10_000/month`, `premium`; null for what does not fit. */
export function parseEntitlement(
  feature: { readonly type: FeatureType; readonly choices?: readonly string[] | null },
  text: string,
): EntitlementValue | null {
  switch (feature.type) {
    case "switch":
      return text === "true" ? true : text === "false" ? false : null;
    case "limit":
      return parseAmount(text);
    case "quota":
      return parseQuota(text);
    case "choice":
      return feature.choices?.includes(text) ? text : null;
  }
}

/** Whether a value has the form that its feature's type wants. */
export function isEntitlementValue(
  feature: { readonly type: FeatureType; readonly choices?: readonly string[] | null },
  value: Value,
): value is EntitlementValue {
  switch (feature.type) {
    case "switch":
      return typeof value === "boolean";
    case "limit":
      return isAmount(value);
    case "quota":
      return isQuota(value);
    case "choice":
      return typeof value === "string" && feature.choices?.includes(value) === true;
  }
}

/** `50`, `10_000` or `unlimited`; null for anything else. */
export function parseAmount(text: string): Amount | null {
  return text === "unlimited" ? text : parseCount(text);
}

/** `10_000/month`, `unlimited/day`, or `unlimited` alone (a month's); null for anything else. */
export function parseQuota(text: string): Quota | null {
  if (text === "unlimited") return { amount: "unlimited", per: "month" };
  const [written = "", per = "", ...more] = text.split("/");
  const amount = parseAmount(written);
  if (amount === null || more.length > 0 || !isRatePeriod(per) || per === "second") return null;
  return { amount, per };
}

/** `600/minute`, from 1 on; null for anything else. */
export function parseRate(text: string): Rate | null {
  const [written = "", per = "", ...more] = text.split("/");
  const amount = parseCount(written);
  return amount === null || amount === 0 || more.length > 0 || !isRatePeriod(per) ? null : { amount, per };
}

/** `25%` or `0.125%`, from 0 to 100 with up to three decimals; the number before the sign, or null. */
export function parsePercent(text: string): number | null {
  const match = /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(text);
  const percent = Number(match?.[1] ?? Number.NaN);
  return percent <= 100 ? percent : null;
}

/** `14 days`, `1 week`, `90 minutes` as seconds; null for anything else. Months and years have no fixed length. */
export function parseDuration(text: string): number | null {
  const match = /^([\d_]+) (second|minute|hour|day|week)(s?)$/.exec(text);
  const count = parseCount(match?.[1] ?? "");
  if (!match || count === null || (count === 1) !== (match[3] === "")) return null;
  const seconds = count * secondsOf[match[2] as RatePeriod];
  return Number.isSafeInteger(seconds) ? seconds : null;
}

/** Writes a value as a person would, so that it reads back as the same value. */
export function quantityText(value: EntitlementValue | Rate): string {
  if (typeof value === "number") return countText(value);
  if (typeof value === "object") return `${quantityText(value.amount)}/${value.per}`;
  return String(value);
}

export function percentText(percent: number): string {
  return `${percent}%`;
}

/** The largest unit that leaves no rest: 1,209,600 seconds are `2 weeks`. */
export function durationText(seconds: number): string {
  const units = ["week", "day", "hour", "minute", "second"] as const;
  const unit =
    units.find((each) => seconds >= secondsOf[each] && seconds % secondsOf[each] === 0) ?? "second";
  const count = seconds / secondsOf[unit];
  return `${countText(count)} ${unit}${count === 1 ? "" : "s"}`;
}

function isAmount(value: Value | undefined): boolean {
  return value === "unlimited" || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0);
}

function isQuota(value: Value): boolean {
  if (typeof value !== "object" || value === null || isList(value)) return false;
  return (
    isAmount(value.amount) &&
    typeof value.per === "string" &&
    isRatePeriod(value.per) &&
    value.per !== "second"
  );
}

/** Digits, grouped by threes with `_` or not at all. */
function parseCount(text: string): number | null {
  if (!/^(?:\d+|\d{1,3}(?:_\d{3})+)$/.test(text)) return null;
  const count = Number(text.replaceAll("_", ""));
  return Number.isSafeInteger(count) ? count : null;
}

function countText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, "_");
}

function isRatePeriod(text: string): text is RatePeriod {
  return Object.hasOwn(secondsOf, text);
}
