import { type Path, type Resource, resource } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import type { Entry, MergedCatalog } from "../merge-catalogs.ts";
import type { Report } from "../place.ts";
import type { Catalog } from "./catalog.ts";
import { cyclesIn, reportCycle } from "./cycles.ts";
import { type Declared, isDeclared } from "./declared.ts";
import { written } from "./templates.ts";
import { readEntitlement } from "./values.ts";

type Plan = MergedCatalog["sections"]["plans"] extends ReadonlyMap<string, Entry<infer P>> ? P : never;
type Version = Plan["versions"][string];

/** A version of a plan with what it takes over from the one that it extends. */
interface ResolvedVersion {
  readonly entitlements: { readonly [feature: string]: Value };
  readonly rateLimits: { readonly [name: string]: Value };
}

/** Plans and their versions, each version with everything that it gives. */
export function planResources(catalog: Catalog, report: Report): Resource[] {
  const { plans } = catalog.merged.sections;
  checkFallbacks(plans, report);
  const versions = versionsOf(plans);
  const cyclic = new Set(reportCycles(versions, report));
  const resolved = new Map<string, ResolvedVersion>();
  const resolve = (name: string): ResolvedVersion => {
    const known = resolved.get(name);
    if (known) return known;
    const entry = versions.get(name);
    if (!entry || cyclic.has(name)) return { entitlements: {}, rateLimits: {} };
    const below = entry.value.extends === undefined ? undefined : resolve(entry.value.extends);
    const entitlements = { ...below?.entitlements, ...ownEntitlements(entry, catalog, report) };
    const rateLimits = { ...below?.rateLimits, ...ownRateLimits(entry, catalog, report) };
    resolved.set(name, { entitlements, rateLimits });
    return { entitlements, rateLimits };
  };
  return [...plans].flatMap(([name, entry]) => [
    planResource(name, entry, catalog, report),
    ...Object.entries(entry.value.versions).map(([number, version]) => {
      const key = `${name}@${number}`;
      const { entitlements, rateLimits } = resolve(key);
      return resource("plan_version", {
        key,
        path: [...entry.path, "versions", number],
        fields: {
          plan: name,
          version: Number(number),
          extends: version.extends ?? null,
          description: version.description ?? null,
          price: version.price ? (written(version.price) as Value) : null,
          trial_days: version.trial === undefined ? null : Math.ceil(version.trial / 86_400),
          entitlements,
          rate_limits: rateLimits,
        },
      });
    }),
  ]);
}

/** The versions of all plans, by `team@2`. */
export function versionsOf(plans: MergedCatalog["sections"]["plans"]): ReadonlyMap<string, Entry<Version>> {
  const versions = new Map<string, Entry<Version>>();
  for (const [name, { value, file, path }] of plans) {
    for (const [number, version] of Object.entries(value.versions)) {
      versions.set(`${name}@${number}`, { value: version, file, path: [...path, "versions", number] });
    }
  }
  return versions;
}

/** Plan versions as names that may be referred to; those of a plan in error count as declared. */
export function declaredVersions(merged: MergedCatalog, plans: Declared): Declared {
  const versions = versionsOf(merged.sections.plans);
  return {
    has: (name) =>
      versions.has(name) ||
      (plans.has(name.replace(/@.*$/, "")) && !merged.sections.plans.has(name.replace(/@.*$/, ""))),
    names: () => versions.keys(),
    place: (name) => {
      const entry = versions.get(name);
      return entry ? { file: entry.file, path: entry.path, what: "key" } : null;
    },
  };
}

function planResource(name: string, entry: Entry<Plan>, catalog: Catalog, report: Report): Resource {
  const { product, description, fallback, metadata, previously } = entry.value;
  isDeclared(
    {
      name: product,
      place: { ...entry, path: [...entry.path, "product"], what: "value" },
      code: "unknown-product",
      by: "in the catalog's products",
    },
    catalog.declared("products"),
    report,
  );
  return resource("plan", {
    key: name,
    path: entry.path,
    previously: previously ?? [],
    fields: {
      name,
      product,
      description: description ?? null,
      fallback: fallback ?? false,
      ...(metadata === undefined ? {} : { metadata }),
    },
  });
}

function checkFallbacks(plans: MergedCatalog["sections"]["plans"], report: Report): void {
  const fallbacks = new Map<string, Entry<Plan>>();
  for (const entry of plans.values()) {
    if (!entry.value.fallback) continue;
    const first = fallbacks.get(entry.value.product);
    if (!first) fallbacks.set(entry.value.product, entry);
    else {
      const place = { ...entry, path: [...entry.path, "fallback"], what: "key" } as const;
      report(
        "several-fallbacks",
        place,
        `An org falls back to one plan of ${entry.value.product}. Take fallback away from one of the two.`,
        [
          {
            message: "the first stands",
            place: { ...first, path: [...first.path, "fallback"], what: "key" },
          },
        ],
      );
    }
  }
}

function reportCycles(versions: ReadonlyMap<string, Entry<Version>>, report: Report): string[] {
  const cycles = cyclesIn([...versions.keys()], (name) => [versions.get(name)?.value.extends ?? []].flat());
  const placeOf = (name: string) => {
    const { file, path } = versions.get(name) as Entry<Version>;
    return { file, path: [...path, "extends"], what: "value" } as const;
  };
  for (const cycle of cycles) reportCycle(cycle, "extends", placeOf, report);
  return cycles.flat();
}

function ownEntitlements(entry: Entry<Version>, catalog: Catalog, report: Report) {
  const values: Record<string, Value> = {};
  const { extends: below, entitlements } = entry.value;
  const at = (path: Path, what: "key" | "value" = "value") => ({
    file: entry.file,
    path: [...entry.path, ...path],
    what,
  });
  if (below !== undefined) {
    isDeclared(
      { name: below, place: at(["extends"]), code: "unknown-plan", by: "in the catalog's plans" },
      catalog.versions,
      report,
    );
  }
  for (const [name, written] of Object.entries(entitlements ?? {})) {
    const place = at(["entitlements", name], "key");
    if (
      !isDeclared(
        { name, place, code: "unknown-feature", by: "in the catalog's features" },
        catalog.declared("features"),
        report,
      )
    )
      continue;
    const feature = catalog.features.get(name);
    const value = feature && readEntitlement(written, feature, at(["entitlements", name]), report);
    if (value !== undefined) values[name] = value as Value;
  }
  return values;
}

function ownRateLimits(entry: Entry<Version>, catalog: Catalog, report: Report) {
  const limits = entry.value.rate_limits ?? {};
  for (const name of Object.keys(limits)) {
    const place = { file: entry.file, path: [...entry.path, "rate_limits", name], what: "key" } as const;
    isDeclared(
      { name, place, code: "unknown-rate-limit", by: "in the catalog's rate_limits" },
      catalog.declared("rate_limits"),
      report,
    );
  }
  return limits;
}
