import type { EntitlementDecision } from "../decide-entitlement.ts";
import type { FlagDecision } from "../decide-flag.ts";
import type { Placed } from "../override.ts";
import type { OrgSnapshot } from "../snapshot.ts";

/** The workspaces and environments of an org where some entitlement is given otherwise than around them. */
export function entitledPlaces({ entitlements }: OrgSnapshot): readonly string[] {
  return [...entitlements.values()].flatMap(placesOfOverride);
}

export function placesOfOverride(
  placed: Placed<EntitlementDecision> | Placed<FlagDecision> | undefined,
): readonly string[] {
  return placed ? [...placed.workspaces.keys(), ...placed.environments.keys()] : [];
}

export function isPlaceIn({ workspaces, environments }: OrgSnapshot, place: string): boolean {
  return workspaces.has(place) || environments.has(place);
}

/** The wider first, each once: workspaces, then environments. */
export function widerFirst(places: Iterable<string>): readonly string[] {
  const once = [...new Set(places)];
  const isEnvironment = (place: string) => place.includes("/");
  return [...once.filter((place) => !isEnvironment(place)), ...once.filter(isEnvironment)];
}
