import { type EntitlementValue, isEntitlementValue } from "../model/quantity.ts";
import type { Value } from "../model/value.ts";
import type { FeatureSnapshot } from "./snapshot.ts";

/** What a plan's version gives, by feature. A value of another type than its feature's gives nothing. */
export function entitlementsOf(
  features: ReadonlyMap<string, FeatureSnapshot>,
  declared: Value,
): ReadonlyMap<string, EntitlementValue> {
  const given = new Map<string, EntitlementValue>();
  for (const [name, value] of Object.entries(declared ?? {})) {
    const feature = features.get(name);
    if (feature && isEntitlementValue(feature, value)) given.set(name, value);
  }
  return given;
}
