import { quantityText } from "../model/quantity.ts";
import type { Value } from "../model/value.ts";
import { plainText } from "./value-text.ts";

/** What a flag or an entitlement comes to, as a person would write it: `10_000/month`, `true`, `{ theme: dark }`. */
export function answerValueText(value: Value): string {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? quantityText(value)
    : plainText(value);
}
