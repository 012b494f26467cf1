/**
 * Takes every schema with a title such as `FlagAnswer` out of a part of an OpenAPI document, and leaves a reference to it
 * by its name. Where different schemas have one title, as those of two protocols may, each stays where it is.
 */
export function nameSchemas<T>(part: T): {
  readonly named: T;
  readonly schemas: { readonly [name: string]: unknown };
} {
  const variants = variantsByTitle(part);
  const schemas = new Map<string, unknown>();
  const name = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(name);
    const parts = Object.entries(value).map(([key, each]) => [key, isData.has(key) ? each : name(each)]);
    const schema = Object.fromEntries(parts);
    const title = titleOf(value);
    if (title === null || variants.get(title)?.size !== 1) return schema;
    schemas.set(title, schema);
    return { $ref: `#/components/schemas/${title}` };
  };
  const named = name(part) as T;
  return { named, schemas: Object.fromEntries(schemas) };
}

/** The different schemas of each title, as text. */
function variantsByTitle(part: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const title = titleOf(value);
    if (title !== null) found.set(title, (found.get(title) ?? new Set()).add(JSON.stringify(value)));
    for (const [key, each] of Object.entries(value)) if (!isData.has(key)) visit(each);
  };
  visit(part);
  return found;
}

function titleOf(value: object): string | null {
  const title = "title" in value ? value.title : null;
  return typeof title === "string" && /^[A-Z][A-Za-z]+$/.test(title) ? title : null;
}

/** What stands there is values, not schemas. */
const isData: ReadonlySet<string> = new Set(["example", "examples", "default", "enum", "const"]);
