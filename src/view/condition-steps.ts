import type { AskedAttribute } from "../decision/asked-attributes.ts";
import type { Truth } from "../decision/condition.ts";
import { printable } from "../diagnostic/printable.ts";
import type { Condition } from "../model/condition.ts";
import { conditionText, plainText } from "./value-text.ts";

/** A condition with its outcome, and what was found of the attributes that it asks about. */
export interface JudgedCondition {
  readonly condition: Condition | null;
  readonly truth: Truth;
  readonly attributes: readonly AskedAttribute[];
}

/** `if resource.status is draft or live: true, as resource.status = live`, `always` */
export function judgedText({ condition, truth, attributes }: JudgedCondition): string {
  if (condition === null) return "always";
  const found = attributes.map(({ name, value }) =>
    value === null ? `${name} is missing` : `${name} = ${attributeText(name, value)}`,
  );
  return printable(`if ${conditionText(condition)}: ${truth}, as ${found.join(", ")}`);
}

/** The attributes that hold times are read as milliseconds. */
function attributeText(name: string, value: NonNullable<AskedAttribute["value"]>): string {
  const isTime = typeof value === "number" && (name === "org.created_at" || name === "request.time");
  return isTime ? plainText(timeText(value)) : plainText(value);
}

/** A time in milliseconds as it is written in manifests, to the second. */
export function timeText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
