import type { Field } from "../model/field.ts";

/** The column behind a field, quoted: some are called `default` or `primary`. */
export function columnOf(name: string, field: Field): string {
  return field.type === "reference" ? `"${name}_id"` : `"${name}"`;
}

export const sqlTypeOf = {
  text: "text",
  integer: "integer",
  number: "numeric",
  switch: "boolean",
  time: "timestamptz",
  json: "jsonb",
  names: "text[]",
  reference: "uuid",
} as const satisfies Record<Field["type"], string>;
