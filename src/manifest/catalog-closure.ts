import { canonicalText, type Value } from "../model/value.ts";
import { sha256 } from "./found-file.ts";
import type { Catalog } from "./resolve/catalog.ts";

/**
 * The digest of all that orgs are resolved with: while it stays the same, no change of the catalog changes what an
 * org's manifest comes to, or whether it is right. What a role grants, a flag's rules and a plan's prices are no part of it.
 */
export function catalogClosure({ merged, attributes, features, flags }: Catalog): string {
  const { permissions, roles, plans, rate_limits, templates } = merged.sections;
  return sha256(
    canonicalText({
      attributes: each(attributes, ({ type, choices }) => ({ type, choices })),
      permissions: each(permissions, ({ value }) => value),
      roles: each(roles, ({ value }) => value.at_least ?? 0),
      features: each(features, ({ type, choices }) => ({ type, choices })),
      rate_limits: [...rate_limits.keys()],
      products: merged.products?.value ?? [],
      plans: each(plans, ({ value }) => ({ product: value.product, versions: Object.keys(value.versions) })),
      flags: each(flags, ({ type, variants }) => ({ type, variants: variants && [...variants.names()] })),
      templates: each(templates, ({ value }) => value),
    } as unknown as Value),
  );
}

function each<T>(entries: ReadonlyMap<string, T>, part: (entry: T) => unknown): [string, unknown][] {
  // Without what is not said, which JSON has no word for.
  return [...entries].map(([name, entry]) => [name, JSON.parse(JSON.stringify(part(entry) ?? null))]);
}
