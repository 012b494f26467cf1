import * as z from "zod";
import type { Path } from "../../model/state.ts";
import { jsonSchemaOf } from "./scalar.ts";
import { shortFormOf } from "./shapes.ts";

/** The names of the fields that a schema allows at a path; none where it is no map of fields. */
export function fieldsAt(schema: z.ZodType, path: Path): readonly string[] {
  const here = unwrap(schemaAt(schema, path));
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** The words that may stand at a path instead of the long form. */
export function wordsAt(schema: z.ZodType, path: Path): readonly string[] {
  const short = shortFormOf.get(present(schemaAt(schema, path)));
  const forms = [short, ...((short?.anyOf ?? []) as readonly { readonly enum?: readonly string[] }[])];
  return forms.flatMap((form) => (form?.enum as readonly string[] | undefined) ?? []);
}

/** What is written at a path, for people; undefined where the schema does not say. */
export function descriptionAt(schema: z.ZodType, path: Path): string | undefined {
  const here = present(schemaAt(schema, path));
  const inner = here instanceof z.ZodPipe ? (here.out as z.ZodType) : here;
  const said = jsonSchemaOf.get(here) ?? shortFormOf.get(here);
  return (said?.description as string | undefined) ?? here.description ?? inner.description;
}

/** The places, as `sso.<name>`, where a schema knows a field; what is written elsewhere was meant for one of them. */
export function placesOfField(schema: z.ZodType, field: string): readonly string[] {
  const places: string[] = [];
  const visit = (within: z.ZodType, path: readonly string[]) => {
    const here = unwrap(within);
    if (here instanceof z.ZodObject) {
      if (path.length > 0 && Object.hasOwn(here.shape, field)) places.push(path.join("."));
      for (const [name, inner] of Object.entries(here.shape as Record<string, z.ZodType>))
        visit(inner, [...path, name]);
    } else if (here instanceof z.ZodRecord) {
      visit(here.valueType as z.ZodType, [...path, "<name>"]);
    }
  };
  visit(schema, []);
  return places;
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType {
  let next = schema;
  for (const step of path) {
    const here = unwrap(next);
    if (here instanceof z.ZodObject) next = (here.shape as Record<string, z.ZodType>)[step] ?? z.never();
    else if (here instanceof z.ZodRecord) next = here.valueType as z.ZodType;
    else if (here instanceof z.ZodArray) next = here.element as z.ZodType;
    else return z.never();
  }
  return next;
}

function present(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? present(schema.unwrap() as z.ZodType) : schema;
}

function unwrap(schema: z.ZodType): z.ZodType {
  const here = present(schema);
  return here instanceof z.ZodPipe ? unwrap(here.out as z.ZodType) : here;
}
