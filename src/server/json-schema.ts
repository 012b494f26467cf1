import * as z from "zod";

/** A schema as JSON; what both the validation of requests and the OpenAPI document are made from. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A shape as JSON Schema, in words that draft 7 (by which requests are validated) and draft 2020-12 (which OpenAPI 3.1
 * speaks) both have, with the same meaning.
 */
export function jsonSchema(shape: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    target: "draft-7",
    unrepresentable: "any",
    // That names are text goes without saying in JSON.
    override: ({ jsonSchema: made }) => void delete made.propertyNames,
  });
  return schema;
}
