import { printable } from "../diagnostic/printable.ts";
import type { Condition } from "../model/condition.ts";
import type { FlagRule } from "../model/flag-rule.ts";
import type { Grant } from "../model/grant.ts";
import type { Kind } from "../model/kinds.ts";
import { type Quota, quantityText } from "../model/quantity.ts";
import { isList, type Value } from "../model/value.ts";

type MapValue = { readonly [name: string]: Value };

/** A field's value as a person would write it in a manifest, on one line and safe to print. */
export function valueText(kind: Kind, field: string, value: Value): string {
  if (value === null) return "none";
  if (field === "grants" && isList(value))
    return listText(value.map((grant) => grantText(grant as unknown as Grant)));
  if (field === "rules" && isList(value)) {
    return (
      value.map((rule, index) => `${index + 1}. ${ruleText(rule as unknown as FlagRule)}`).join("; ") ||
      "none"
    );
  }
  if (field === "entitlements" && isMap(value)) return mapText(value, entitlementText);
  if (field === "rate_limits" && isMap(value)) return mapText(value, entitlementText);
  if (kind === "entitlement" && field === "value") return entitlementText(value);
  return plainText(value);
}

/** One item of a list field, for telling what was added and removed. */
export function itemText(field: string, value: Value): string {
  if (field === "grants") return grantText(value as unknown as Grant);
  return field === "rules" ? ruleText(value as unknown as FlagRule) : plainText(value);
}

/** A value without knowledge of its field: `{ region: eu, employees: 420 }`, `2026-12-01`. */
export function plainText(value: Value): string {
  if (value === null) return "none";
  if (isList(value)) return listText(value.map(plainText));
  if (isMap(value)) return unitText(value) ?? mapText(value, plainText);
  const text = String(value);
  // The start of a day is written as the day.
  return printable(/^\d{4}-\d{2}-\d{2}T00:00:00Z$/.test(text) ? text.slice(0, 10) : text);
}

export function isMap(value: Value): value is MapValue {
  return typeof value === "object" && value !== null && !isList(value);
}

function listText(items: readonly string[]): string {
  return items.length === 0 ? "none" : items.join(", ");
}

function mapText(map: MapValue, text: (value: Value) => string): string {
  const entries = Object.entries(map).map(([name, value]) => `${printable(name)}: ${text(value)}`);
  return entries.length === 0 ? "none" : `{ ${entries.join(", ")} }`;
}

/** A map that is one thing to people: `49.00 USD`, `10_000/month`. */
function unitText(map: MapValue): string | null {
  if ("currency" in map) return `${map.amount} ${map.currency}`;
  return "per" in map ? quantityText(map as unknown as Quota) : null;
}

function entitlementText(value: Value): string {
  return typeof value === "number" ? quantityText(value) : plainText(value);
}

function grantText(grant: Grant): string {
  // A row that was written by hand may hold anything, and has to be shown all the same.
  if (!isMap(grant as unknown as Value)) return plainText(grant as unknown as Value);
  const { effect, permission, if: condition } = grant;
  const named = effect === "deny" ? `deny ${permission}` : permission;
  return printable(condition ? `${named} if ${conditionText(condition)}` : named);
}

function ruleText(rule: FlagRule): string {
  if (!isMap(rule as unknown as Value)) return plainText(rule as unknown as Value);
  const { if: condition, serve, split, rollout, by } = rule;
  const shares = split && Object.entries(split).map(([variant, share]) => `${variant} ${share}%`);
  const served = shares ? `split ${shares.join(" and ")}` : plainText(serve);
  const share = rollout === null ? "" : ` for ${rollout}% of ${by}s`;
  return `${served}${share}${condition ? ` if ${printable(conditionText(condition))}` : ""}`;
}

const words: Partial<Record<string, string>> = {
  in: "is",
  not_in: "is not",
  above: ">",
  at_least: ">=",
  below: "<",
  at_most: "<=",
};

/** `org.plan is team or enterprise and not (org.region is eu)` */
export function conditionText(condition: Condition): string {
  if (!isMap(condition as unknown as Value)) return plainText(condition as unknown as Value);
  if ("all" in condition) return condition.all.map(innerText).join(" and ");
  if ("any" in condition) return condition.any.map(innerText).join(" or ");
  if ("not" in condition) return `not (${conditionText(condition.not)})`;
  const { attribute, op, value } = condition;
  if (op === "present") return `${attribute} is ${value ? "" : "not "}present`;
  const values = isList(value) ? value.map(plainText).join(" or ") : plainText(value);
  return `${attribute} ${words[op] ?? String(op).replace("_", " ")} ${values}`;
}

function innerText(condition: Condition): string {
  return "all" in condition || "any" in condition
    ? `(${conditionText(condition)})`
    : conditionText(condition);
}
