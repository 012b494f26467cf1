import { quoted } from "../../diagnostic/quoted.ts";
import { type Price, parsePrice } from "../../model/price.ts";
import { parseDuration, parsePercent, parseRate, type Rate, secondsOf } from "../../model/quantity.ts";
import { scalar } from "./scalar.ts";

/** Digits in groups of three, and digits in either form, for the schemas that editors check with. */
const grouped = "\\d{1,3}(_\\d{3})+";
const count = `\\d+|${grouped}`;
const periods = Object.keys(secondsOf).join("|");

export const integer = (description: string, least = 0, most = 2_147_483_647) =>
  scalar<number>(
    "a whole number",
    {
      description,
      type: ["integer", "string"],
      minimum: least,
      maximum: most,
      pattern: `^-?${grouped}$`,
    },
    (value) => {
      const number = /^-?\d{1,3}(?:_\d{3})+$|^-?\d+$/.test(value)
        ? Number(value.replaceAll("_", ""))
        : Number.NaN;
      if (!Number.isSafeInteger(number)) {
        return { code: "wrong-type", detail: `Expected a whole number, found ${quoted(value)}.` };
      }
      if (number < least || number > most) {
        const detail = number < least ? `It has to be ${least} or more.` : `It has to be ${most} or less.`;
        return { code: "out-of-range", detail };
      }
      return number;
    },
  );

/** A whole number, or `unlimited`, which is null. */
export const limit = (description: string) =>
  scalar<number | null>(
    "a whole number or unlimited",
    { description, type: ["integer", "string"], minimum: 0, pattern: `^(unlimited|${grouped})$` },
    (value) => {
      if (value === "unlimited") return null;
      const number = /^[\d_]+$/.test(value) ? Number(value.replaceAll("_", "")) : Number.NaN;
      return Number.isSafeInteger(number) && number <= 2_147_483_647
        ? number
        : { code: "bad-quantity", detail: `${quoted(value)} is neither a whole number nor unlimited.` };
    },
  );

/** A share between 0 and 1. */
export const fraction = (description: string) =>
  scalar<number>("a number from 0 to 1", { description, type: "number", minimum: 0, maximum: 1 }, (value) => {
    const number = /^-?\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) {
      const percent = parsePercent(value);
      const help = percent === null ? "" : ` Write ${percent / 100}.`;
      return { code: "wrong-type", detail: `Expected a number from 0 to 1, found ${quoted(value)}.${help}` };
    }
    return number >= 0 && number <= 1
      ? number
      : { code: "out-of-range", detail: `${value} is not between 0 and 1.` };
  });

/** A percentage, as `25%`; the number before the sign comes out. */
export const percent = (description: string) =>
  scalar<number>(
    "a percentage",
    { description, type: "string", pattern: "^\\d+(\\.\\d{1,3})?%$" },
    (value) => {
      const read = parsePercent(value);
      if (read !== null) return read;
      return /^-?\d+(?:\.\d+)?%$/.test(value)
        ? {
            code: "out-of-range",
            detail: `${value} is not between 0% and 100%, with three decimals at most.`,
          }
        : { code: "bad-quantity", detail: `${quoted(value)} is not a percentage: write 25%.` };
    },
  );

/** How long, as `14 days`; the number of seconds comes out. */
export const duration = (description: string) =>
  scalar<number>(
    "a duration, as 14 days",
    { description, type: "string", pattern: `^(${count}) (second|minute|hour|day|week)s?$` },
    (value) => {
      const seconds = parseDuration(value);
      if (seconds !== null) return seconds;
      const detail = `${quoted(value)} is not a duration: write 14 days, in seconds, minutes, hours, days or weeks.`;
      return { code: "bad-quantity", detail };
    },
  );

/** How often at most, as `600/minute`. */
export const rate = (description: string) =>
  scalar<Rate>(
    "a rate, as 600/minute",
    { description, type: "string", pattern: `^(${count})/(${periods})$` },
    (value) => {
      const read = parseRate(value);
      if (read) return read;
      const detail = `${quoted(value)} is not a rate: write 600/minute, a whole number from 1 and a period.`;
      return { code: "bad-quantity", detail };
    },
  );

/** An amount of money, as `49.00 USD`. */
export const price = (description: string) =>
  scalar<Price>(
    "a price, as 49.00 USD",
    { description, type: "string", pattern: `^(${count})(\\.\\d{1,4})? [A-Z]{3}$` },
    (value) => {
      const read = parsePrice(value);
      return read ?? { code: "bad-quantity", detail: `${quoted(value)} is not a price: write 49.00 USD.` };
    },
  );
