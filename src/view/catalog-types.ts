import type { FeatureType } from "../model/quantity.ts";
import type { Resource } from "../model/state.ts";
import { byCodeUnit, isList, type Value } from "../model/value.ts";

/**
 * A catalog's permissions, flags and features as TypeScript: an interface that fits the client's `Vocabulary`, so that
 * `createClient<Catalog>()` compiles only with names that there are. Sorted, so that the text differs only where the catalog does.
 */
export function catalogTypes(resources: readonly Resource[]): string {
  const of = (kind: Resource["kind"]) =>
    resources.filter((each) => each.kind === kind).sort((a, b) => byCodeUnit(a.key, b.key));
  const permissions = of("permission").map(({ key }) => text(key));
  const flags = of("flag").map(({ key, fields }) => `${text(key)}: ${flagType(fields)};`);
  const features = of("feature").map(({ key, fields }) => `${text(key)}: ${featureType(fields)};`);
  const needsValue = flags.some((line) => line.endsWith(": Value;"));
  return `// Written by \`tenantry schema --types\`. Write it anew after the catalog has changed.
${needsValue ? 'import type { Value } from "tenantry/client";\n' : ""}
export interface Catalog {
  readonly permissions:${permissions.length === 0 ? " never" : `\n${permissions.map((each) => `    | ${each}`).join("\n")}`};
  readonly flags: ${members(flags)};
  readonly features: ${members(features)};
}
`;
}

function members(lines: readonly string[]): string {
  return lines.length === 0 ? "{}" : `{\n${lines.map((line) => `    readonly ${line}\n`).join("")}  }`;
}

type Fields = Resource["fields"];

/** What all variants are; without any, only that all values have one type: an org may be served any of that type. */
function flagType({ variants, type }: Fields): string {
  if (variants) return union(Object.values(variants).map(valueType));
  return type === "object" ? "Value" : String(type);
}

function valueType(value: Value): string {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  if (isList(value)) return `readonly (${value.length === 0 ? "never" : union(value.map(valueType))})[]`;
  const entries = Object.entries(value).map(([name, each]) => `readonly ${text(name)}: ${valueType(each)}`);
  return entries.length === 0 ? "{ readonly [name: string]: never }" : `{ ${entries.join("; ")} }`;
}

/** Without the feature: false, 0, or null for quotas and choices. */
function featureType({ type, choices }: Fields): string {
  switch (type as FeatureType) {
    case "switch":
      return "boolean";
    case "limit":
      return `number | "unlimited"`;
    case "quota":
      return `{ readonly amount: number | "unlimited"; readonly per: "minute" | "hour" | "day" | "week" | "month" | "year" } | null`;
    case "choice":
      return `${union(((choices ?? []) as readonly string[]).map(text))} | null`;
  }
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ");
}

const text = (value: string) => JSON.stringify(value);
