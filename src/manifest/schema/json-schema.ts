import * as z from "zod";
import { apiVersion } from "../api-version.ts";
import { catalogSchema } from "./catalog-schema.ts";
import { estateSchema } from "./estate-schema.ts";
import { orgSchema } from "./org-schema.ts";
import { type JsonSchema, jsonSchemaOf } from "./scalar.ts";
import { shortFormOf } from "./shapes.ts";

/** The files that editors check manifests with, by name. */
export const schemaFiles = {
  "catalog.schema.json": catalogSchema,
  "estate.schema.json": estateSchema,
  "org.schema.json": orgSchema,
} as const;

/** The JSON Schema (2020-12) of one kind of manifest, with the descriptions that an editor shows. */
export function jsonSchema(file: keyof typeof schemaFiles): JsonSchema {
  const schema = z.toJSONSchema(schemaFiles[file], {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema: shown }) => {
      const scalar = jsonSchemaOf.get(zodSchema);
      if (scalar) Object.assign(shown, scalar);
      const short = shortFormOf.get(zodSchema);
      if (short) withShortForm(shown, short);
    },
  }) as { properties: Record<string, JsonSchema> };
  schema.properties.apiVersion = { description: "The version of the language", const: apiVersion };
  return schema as unknown as JsonSchema;
}

/** A short form stands beside the long one; the description stays outside, where editors look for it. */
function withShortForm(shown: Record<string, unknown>, short: JsonSchema): void {
  const { description: said = short.description, ...long } = { ...shown };
  const { description, ...rest } = short;
  const forms = (rest.anyOf as readonly JsonSchema[] | undefined) ?? [rest];
  const described = description === said ? forms : forms.map((form) => ({ description, ...form }));
  for (const name of Object.keys(shown)) delete shown[name];
  Object.assign(shown, said === undefined ? {} : { description: said }, { anyOf: [...described, long] });
}
