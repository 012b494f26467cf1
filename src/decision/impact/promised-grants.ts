import { byCodeUnit, canonicalText, isList, type Value } from "../../model/value.ts";
import type { Place, PromisedGrant } from "./impact.ts";

/** What an invitation or join rule promises, in one order, each once; what is not in the form promises nothing. */
export function promisedGrants(grants: Value): readonly PromisedGrant[] {
  const { roles, workspaces, environments, resources, teams } = mapOf(grants);
  const all: PromisedGrant[] = [
    ...atPlace(roles, { in: "org" }),
    ...inPlaces(workspaces, "workspace"),
    ...inPlaces(environments, "environment"),
    ...inPlaces(resources, "resource"),
    ...namesOf(teams).map((team) => ({ team })),
  ];
  const byText = new Map(all.map((grant) => [canonicalText(grant as unknown as Value), grant]));
  return [...byText].sort(([a], [b]) => byCodeUnit(a, b)).map(([, grant]) => grant);
}

function inPlaces(places: Value | undefined, at: "workspace" | "environment" | "resource") {
  return Object.entries(mapOf(places)).flatMap(([name, roles]) => atPlace(roles, { in: at, name }));
}

function atPlace(roles: Value | undefined, place: Place): PromisedGrant[] {
  return namesOf(roles).map((role) => ({ role, place }));
}

function mapOf(value: Value | undefined): { readonly [name: string]: Value } {
  return typeof value === "object" && value !== null && !isList(value) ? value : {};
}

function namesOf(value: Value | undefined): readonly string[] {
  return value !== undefined && isList(value) ? value.filter((name) => typeof name === "string") : [];
}
