import * as z from "zod";
import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import type { Value } from "../../model/value.ts";

/** What stands in the schema for editors where zod's own description of a type does not say it. */
export type JsonSchema = { readonly [name: string]: Value };

/** The JSON Schema of every type made here, read when the schema files are written. */
export const jsonSchemaOf = new WeakMap<z.core.$ZodType, JsonSchema>();

/** What a typed scalar says of a value that it does not take. */
export interface Fault {
  readonly code: DiagnosticCode;
  readonly detail: string;
}

type Read<T> = (text: string, written: string | number | boolean) => T | Fault;

/**
 * A scalar that is read from its source text by the type that the field has.
 * Anything but a scalar is of the wrong type, whatever `read` would make of it.
 */
export function scalar<T extends Value>(
  expected: string,
  json: JsonSchema,
  read: Read<T>,
): z.ZodType<T, unknown> {
  // A check that sets the value takes a third of the time of a transform, which is two schemas and a pipe.
  const schema = z.unknown().check((payload) => {
    const { value: written } = payload;
    const fault = (code: DiagnosticCode, message: string) => {
      payload.issues.push({ code: "custom", message, params: { code }, input: written, continue: false });
    };
    if (written === undefined) return fault("missing-field", "");
    if (written === null || typeof written === "object") {
      return fault("wrong-type", `Expected ${expected}, found a ${Array.isArray(written) ? "list" : "map"}.`);
    }
    const value = read(String(written), written as string | number | boolean);
    if (isFault(value)) fault(value.code, value.detail);
    else payload.value = value;
  });
  jsonSchemaOf.set(schema, json);
  return schema as unknown as z.ZodType<T, unknown>;
}

function isFault(value: Value | Fault): value is Fault {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
