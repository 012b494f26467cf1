import type { FeatureType } from "./quantity.ts";
import type { Value } from "./value.ts";

/** A question about attributes, in the one form that flag rules and grants keep. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | AttributeTest;

/**
 * `in` and `not_in` hold a list; `present` a switch; `starts_with`, `ends_with` and `contains` one value
 * or a list of which any will do; the others one value. A day stands for its start in UTC.
 */
export type AttributeTest = {
  readonly attribute: string;
  readonly op: Operator;
  readonly value: Value;
};

export type AttributeType = "text" | "number" | "switch" | "date" | "version" | "choice" | "list";

export type Operator =
  | "in"
  | "not_in"
  | "above"
  | "at_least"
  | "below"
  | "at_most"
  | "before"
  | "after"
  | "starts_with"
  | "ends_with"
  | "contains"
  | "semver"
  | "present";

const always = ["in", "not_in", "present"] as const;
const ordered = ["above", "at_least", "below", "at_most"] as const;

const operators = {
  text: [...always, "starts_with", "ends_with", "contains"],
  number: [...always, ...ordered],
  switch: always,
  date: [...always, "before", "after"],
  version: [...always, ...ordered, "semver"],
  choice: always,
  list: [...always, "contains"],
} as const satisfies Record<AttributeType, readonly Operator[]>;

/** Every operator there is. */
export const allOperators: readonly Operator[] = [...new Set(Object.values(operators).flat())];

/** The operators that fit attributes of a type; any other is an error. */
export function operatorsFor(type: AttributeType): readonly Operator[] {
  return operators[type];
}

export interface AttributeSpec {
  readonly type: AttributeType;
  /** The values that a choice can have. */
  readonly choices?: readonly string[];
}

/** The attributes that every estate has. A declared attribute never replaces one of them. */
export const builtInAttributes: ReadonlyMap<string, AttributeSpec> = new Map<string, AttributeSpec>([
  /** The name of the first product's plan in force, without its version. */
  ["org.plan", { type: "text" }],
  /** The names of the plans in force, one a product. */
  ["org.plans", { type: "list" }],
  ["org.id", { type: "text" }],
  ["org.slug", { type: "text" }],
  ["org.created_at", { type: "date" }],
  ["org.status", { type: "choice", choices: ["active", "suspended", "archived", "deleted"] }],
  ["member.id", { type: "text" }],
  ["member.key", { type: "text" }],
  ["member.email", { type: "text" }],
  ["member.type", { type: "text" }],
  ["member.status", { type: "choice", choices: ["active", "suspended"] }],
  /** The teams that the member belongs to, also by a team below. */
  ["member.teams", { type: "list" }],
  ["environment.workspace", { type: "text" }],
  ["environment.slug", { type: "text" }],
  ["environment.tier", { type: "choice", choices: ["dev", "stage", "prod"] }],
  ["environment.host", { type: "text" }],
  ["resource.type", { type: "text" }],
  ["resource.id", { type: "text" }],
  ["action.name", { type: "text" }],
  ["subject.type", { type: "text" }],
  ["subject.id", { type: "text" }],
  ["request.time", { type: "date" }],
  ["request.mfa", { type: "switch" }],
]);

/** Before a feature's name: `org.entitlements.seats` is what the org has of it. */
export const entitlementPrefix = "org.entitlements.";

/** What type `org.entitlements.<feature>` has: a limit's or quota's is its amount. */
export const attributeTypeOfFeature = {
  switch: "switch",
  limit: "number",
  quota: "number",
  choice: "choice",
} as const satisfies Record<FeatureType, AttributeType>;
