import { addressOf } from "../model/address.ts";
import type { AttributeSpec, AttributeType } from "../model/condition.ts";
import type { PermissionScope } from "../model/grant.ts";
import type { Price } from "../model/price.ts";
import type { FeatureType } from "../model/quantity.ts";
import type { Resource } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import { compileFlag } from "./compile-flag.ts";
import { compileRoles } from "./compile-roles.ts";
import { type Complete, completeByKind } from "./complete.ts";
import type { RateLimitDecision } from "./decide-rate-limit.ts";
import { entitlementsOf } from "./entitlement-value.ts";
import { rateOf, ratesOf } from "./rate-value.ts";
import { roleSets } from "./role-set.ts";
import type {
  CatalogSnapshot,
  FeatureSnapshot,
  PermissionSnapshot,
  PlanVersionSnapshot,
  ProductSnapshot,
} from "./snapshot.ts";

/** Compiles the catalog's resources for decisions. What does not fit together is left out, so that it gives nothing. */
export function compileCatalog(resources: readonly Resource[]): CatalogSnapshot {
  const all = completeByKind(resources);
  const attributes = new Map(all("attribute").map(({ key, fields }) => [key, attributeSpec(fields)]));
  const features = new Map(all("feature").map(({ key, fields }) => [key, featureOf(key, fields)]));
  const permissions = permissionsOf(all("permission"));
  const vocabulary = { attributes, features, permissions };
  const planVersions = planVersionsOf(all, features);
  const latest = latestOf(planVersions);
  const products = productsOf(all, latest);
  return {
    ...vocabulary,
    roles: compileRoles(
      all("catalog_role").map(({ key, fields }) => ({
        ...fields,
        name: key,
        address: addressOf(null, "catalog_role", key),
      })),
      { vocabulary, inherited: new Map() },
    ),
    roleSets: roleSets(),
    products,
    fallbacks: fallbacksOf(products),
    planVersions: new Map(planVersions.map((version) => [version.key, version])),
    latest,
    flags: new Map(all("flag").map((flag) => [flag.key, compileFlag(flag, vocabulary)])),
    rateLimits: new Map(all("catalog_rate_limit").flatMap(rateLimit)),
  };
}

type All = ReturnType<typeof completeByKind>;

function attributeSpec({ type, choices }: Complete<"attribute">["fields"]): AttributeSpec {
  return { type: (type ?? "text") as AttributeType, ...(choices && { choices }) };
}

function featureOf(name: string, fields: Complete<"feature">["fields"]): FeatureSnapshot {
  const { type, counts, choices, combine } = fields;
  return {
    name,
    type: (type ?? "switch") as FeatureType,
    counts,
    choices: choices ?? [],
    combine: combine === "sum" ? "sum" : "highest",
  };
}

function permissionsOf(
  permissions: readonly Complete<"permission">[],
): ReadonlyMap<string, PermissionSnapshot> {
  return new Map(
    permissions.map(({ key, fields }, index) => [
      key,
      {
        key,
        type: fields.resource_type ?? "",
        action: fields.action ?? "",
        scope: fields.scope as PermissionScope,
        index,
      },
    ]),
  );
}

function planVersionsOf(
  all: All,
  features: ReadonlyMap<string, FeatureSnapshot>,
): readonly PlanVersionSnapshot[] {
  const productOf = new Map(all("plan").map(({ key, fields }) => [key, fields.product]));
  return all("plan_version").map(({ key, fields }) => ({
    key,
    plan: fields.plan ?? "",
    version: fields.version ?? 0,
    product: productOf.get(fields.plan ?? "") ?? "",
    address: addressOf(null, "plan_version", key),
    entitlements: entitlementsOf(features, fields.entitlements),
    rateLimits: ratesOf(fields.rate_limits),
    prices: new Map(Object.entries((fields.price ?? {}) as { readonly [cycle: string]: Price })),
  }));
}

function latestOf(versions: readonly PlanVersionSnapshot[]): ReadonlyMap<string, PlanVersionSnapshot> {
  return new Map(
    [...versions].sort((a, b) => a.version - b.version).map((version) => [version.plan, version]),
  );
}

function productsOf(all: All, latest: ReadonlyMap<string, PlanVersionSnapshot>): readonly ProductSnapshot[] {
  const fallbacks = all("plan").filter(({ fields }) => fields.fallback === true);
  return [...all("product")]
    .sort((a, b) => (a.fields.position ?? 0) - (b.fields.position ?? 0) || byCodeUnit(a.key, b.key))
    .map(({ key }) => {
      const fallback = fallbacks.find(({ fields }) => fields.product === key);
      return { name: key, fallback: (fallback && latest.get(fallback.key)) ?? null };
    });
}

function fallbacksOf(products: readonly ProductSnapshot[]): CatalogSnapshot["fallbacks"] {
  return new Map(
    products.flatMap(({ name, fallback }) =>
      fallback ? [[name, { version: fallback, reason: "fallback", subscription: null }]] : [],
    ),
  );
}

function rateLimit({ key, fields }: Complete<"catalog_rate_limit">): [string, RateLimitDecision][] {
  const value = rateOf(fields.amount, fields.period);
  const decidedBy = addressOf(null, "catalog_rate_limit", key);
  return value ? [[key, { value, source: "catalog", decidedBy }]] : [];
}
