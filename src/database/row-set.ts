import type { Field } from "../model/field.ts";
import { descriptorOf, type Kind } from "../model/kinds.ts";
import type { Value } from "../model/value.ts";
import { arrayText, type SqlType, sqlText } from "./sql-text.ts";
import type { PlacedChange } from "./writing.ts";

/** A column of a set of rows that one statement takes. */
export interface SetColumn {
  readonly type: SqlType;
  readonly read: (placed: PlacedChange) => Value;
}

/** A set of rows as parameters, and the SQL that reads it. */
export interface RowSet {
  /** The relation, for `from`. */
  readonly from: string;
  /** What stands for each of the columns. */
  readonly columns: readonly string[];
  readonly parameters: readonly (string | null)[];
}

/**
 * One parameter a column, an array of its values, because the protocol counts parameters in 16 bits and wraps
 * without an error. A value that all rows share is sent once: on a first apply that is every second column.
 */
export function rowSet(columns: readonly SetColumn[], placed: readonly PlacedChange[]): RowSet {
  const arrays: string[] = [];
  const names: string[] = [];
  const parameters: (string | null)[] = [];
  const expressions = columns.map(({ type, read }, index) => {
    const texts = placed.map((one) => sqlText(type, read(one)));
    const first = texts[0] ?? null;
    if (texts.length > 1 && texts.every((text) => text === first)) {
      return `$${parameters.push(first)}::${type}`;
    }
    // An array of arrays would have to be rectangular.
    const element = type === "text[]" ? "text" : type;
    arrays.push(`$${parameters.push(arrayText(texts))}::${element}[]`);
    names.push(`c${index}`);
    return type === "text[]" ? `c${index}::text[]` : `c${index}`;
  });
  return {
    from: `unnest(${arrays.join(", ")}) as c (${names.join(", ")})`,
    columns: expressions,
    parameters,
  };
}

/** What a field's value is in the database: the id behind the key of a reference. */
export function storedValue(field: Field, value: Value, placed: PlacedChange): Value {
  if (field.type !== "reference" || typeof value !== "string") return value;
  const kind = field.to as Kind;
  const ids = descriptorOf(kind).tier === "org" ? placed.scope.ids : placed.catalogIds;
  const id = ids.get(kind)?.get(value);
  if (id !== undefined) return id;
  // The planner leaves an id as it is where nothing bears it any more.
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return value;
  throw new Error(`The plan refers to ${kind} "${value}", and has no id for it.`);
}

export const orgIdColumn: SetColumn = { type: "uuid", read: ({ scope }) => scope.orgId };
export const idColumn: SetColumn = { type: "uuid", read: ({ change }) => change.id };
