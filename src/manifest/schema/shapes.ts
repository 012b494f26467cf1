import * as z from "zod";
import type { Value } from "../../model/value.ts";
import { type JsonSchema, jsonSchemaOf } from "./scalar.ts";
import { name } from "./scalars.ts";

/** A value whose type only the catalog knows: a condition, a flag's value, an attribute's. */
export function raw(description: string, json: JsonSchema = {}) {
  const schema = z.unknown().transform((value, context): Value => {
    if (value === undefined) {
      context.addIssue({ code: "custom", message: "", params: { code: "missing-field" } });
      return z.NEVER;
    }
    return value as Value;
  });
  jsonSchemaOf.set(schema, { description, ...json });
  return schema;
}

/**
 * A type with a shorter way to write it, which is made long before anything is checked.
 * Paths then lead through the long form; `locate` skips the steps that the short form leaves out.
 */
export function shorthand<S extends z.ZodType>(
  long: S,
  lengthen: (written: unknown) => unknown,
  short: JsonSchema,
) {
  const schema = z.preprocess((written) => (written === undefined ? written : lengthen(written)), long);
  shortFormOf.set(schema, short);
  return schema;
}

/** The JSON Schema of the short form of every `shorthand`. */
export const shortFormOf = new WeakMap<z.core.$ZodType, JsonSchema>();

/** A map from names to entries. Its keys are checked and kept as they were written. */
export const mapOf = <V extends z.ZodType>(key: z.ZodType<string, unknown>, value: V) =>
  z.record(key as unknown as z.ZodType<string, string>, value);

/** One name, or a list of them. */
export function namesOf(description: string, item: z.ZodType<string, unknown> = name("A name")) {
  return shorthand(
    z.array(item).meta({ description }),
    (written) => (Array.isArray(written) ? written : [written]),
    { type: "string", ...jsonSchemaOf.get(item), description },
  );
}
