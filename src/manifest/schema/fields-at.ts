import * as z from "zod";
import type { Path } from "../../model/state.ts";

/** The names of the fields that a schema allows at a path; none where it is no map of fields. */
export function fieldsAt(schema: z.ZodType, path: Path): readonly string[] {
  let here = unwrap(schema);
  for (const step of path) {
    if (here instanceof z.ZodObject)
      here = unwrap((here.shape as Record<string, z.ZodType>)[step] ?? z.never());
    else if (here instanceof z.ZodRecord) here = unwrap(here.valueType as z.ZodType);
    else if (here instanceof z.ZodArray) here = unwrap(here.element as z.ZodType);
    else return [];
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return unwrap(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrap(schema.out as z.ZodType);
  return schema;
}
