import type { Kind } from "./kinds.ts";
import type { Value } from "./value.ts";

/** What one field of a kind holds, and so what column stands behind it. */
export type Field = PlainField | ReferenceField;

export interface PlainField {
  /** `number` is numeric, `time` timestamptz, `names` text[]; the others are what they say. */
  readonly type: "text" | "integer" | "number" | "switch" | "time" | "json" | "names";
  /** What a resource has when nobody says: the documented default, null where none is given. */
  readonly default?: Value;
  /** What a new row gets when nobody says and a constant will not do. */
  readonly initial?: "own id" | "now";
}

export interface ReferenceField {
  readonly type: "reference";
  /** The kind it points to, in the same org or in the catalog; the column is `<field>_id`. */
  readonly to: string;
}

/** The values of a kind's fields, by name; a reference is the key of its target. */
export type FieldsOf<K extends Kind> = typeof import("./kinds.ts").kinds[K]["fields"] extends infer F
  ? { readonly [N in keyof F]: ValueOf<F[N]> }
  : never;

type ValueOf<F> = F extends { readonly type: infer T }
  ? T extends "text" | "time" | "reference"
    ? string | null
    : T extends "integer" | "number"
      ? number | null
      : T extends "switch"
        ? boolean | null
        : T extends "names"
          ? readonly string[] | null
          : Value
  : never;
