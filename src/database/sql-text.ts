import type { Value } from "../model/value.ts";
import type { sqlTypeOf } from "./column.ts";

export type SqlType = (typeof sqlTypeOf)[keyof typeof sqlTypeOf];

/** A value as PostgreSQL reads it from text, as a parameter of the type; null is NULL. */
export function sqlText(type: SqlType, value: Value): string | null {
  if (value === null) return null;
  if (type === "jsonb") return JSON.stringify(value);
  if (type === "text[]") return arrayText(value as readonly string[]);
  return String(value);
}

/** An array in PostgreSQL's own notation, with every element quoted: `{"a","b\"c",NULL}`. */
export function arrayText(elements: readonly (string | null)[]): string {
  return `{${elements.map((element) => (element === null ? "NULL" : quoted(element))).join(",")}}`;
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : `"${text}"`;
}
