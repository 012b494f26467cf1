import { compileOrg } from "../decision/compile-org.ts";
import { planInForce } from "../decision/plan-in-force.ts";
import type { CatalogSnapshot } from "../decision/snapshot.ts";
import { addressOf } from "../model/address.ts";
import { endangered } from "../plan/find-uses.ts";
import type { PlannedScope } from "../plan/make-plan.ts";
import type { JudgedOrg, Judging } from "./brakes.ts";
import { statusOf } from "./judge-holders.ts";

/** A plan's version that a product falls back to, and that would change. */
export interface ChangedFallback {
  readonly product: string;
  /** `catalog/plan/free@1` */
  readonly address: string;
}

/** The versions in force without a subscription that a plan would change. */
export function changedFallbacks(catalog: PlannedScope, { products }: CatalogSnapshot): ChangedFallback[] {
  const changed = new Set(endangered([catalog]).versions.values());
  return products.flatMap(({ name, fallback }) => {
    const address = fallback && addressOf(null, "plan_version", fallback.key);
    return address !== null && changed.has(address) ? [{ product: name, address }] : [];
  });
}

/** Of these, the addresses of those that an org lives on now, because it has nothing else of the product. */
export function fallbacksUsed(
  { slug, before }: JudgedOrg,
  fallbacks: readonly ChangedFallback[],
  judging: Judging,
): string[] {
  if (!before || fallbacks.length === 0 || statusOf(before) === "archived" || statusOf(before) === "deleted")
    return [];
  const resources = before.filter(({ kind }) => kind === "org" || kind === "subscription");
  const org = compileOrg(judging.before, { id: null, slug, resources });
  return fallbacks
    .filter(({ product }) => planInForce(org, product, judging.now)?.reason === "fallback")
    .map(({ address }) => address);
}
