import type { Field } from "../../src/model/field.ts";
import { descriptorOf, type Kind, kinds } from "../../src/model/kinds.ts";
import type { Value } from "../../src/model/value.ts";

export type Fields = Readonly<Record<string, Value>>;

/** Every kind, and of a kind that stands in one section or another every way to stand. */
export const everyPlace = (Object.keys(kinds) as Kind[]).flatMap((kind) => {
  const { section } = descriptorOf(kind);
  return typeof section === "string"
    ? [{ name: kind, kind, nulls: [] }]
    : [
        { name: `${kind} in the whole org`, kind, nulls: ["team", "workspace", "environment", "resource"] },
        { name: `${kind} elsewhere`, kind, nulls: [] },
      ];
});

/** A row with a value in every field, another for each number; references are to something that nobody renames. */
export function fieldsOf({ kind, nulls }: (typeof everyPlace)[number], number: number): Fields {
  const { fields } = descriptorOf(kind);
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      (nulls as readonly string[]).includes(name) ? null : values[field.type](number),
    ]),
  );
}

const values = {
  text: (number) => `text ${number}`,
  reference: (number) => `key ${number}`,
  integer: (number) => number,
  number: (number) => number + 0.5,
  switch: (number) => number % 2 === 0,
  time: (number) => `2026-11-0${number}T00:00:00Z`,
  json: (number) => ({ number }),
  names: (number) => [`name ${number}`],
} as const satisfies Record<Field["type"], (number: number) => Value>;
