import type { Condition } from "../../model/condition.ts";
import { byCodeUnit, canonicalText, type Value } from "../../model/value.ts";
import { attributesOf } from "../asked-attributes.ts";
import type { CatalogSnapshot, FlagSnapshot, PlanVersionSnapshot, RoleSnapshot } from "../snapshot.ts";
import { asksFacts } from "./standing.ts";

/** What of two catalogs can make an org whose rows are the same be decided differently. */
export interface CatalogDifference {
  /** What conditions find in the catalog differs: attributes, features, and what plans in force give. */
  readonly facts: boolean;
  /** The catalog's roles that say otherwise, or may because their conditions ask about facts that differ. */
  readonly roles: ReadonlySet<string>;
  readonly flags: readonly string[];
  /** Some of these flags are asked of members. */
  readonly flagsAskMembers: boolean;
  /** Features and plans that orgs may have otherwise. */
  readonly plans: boolean;
  /** Rate limits, the catalog's and those of plans in force. */
  readonly rateLimits: boolean;
  readonly prices: boolean;
}

/** Compares what is compiled, by meaning: a role or flag that is only described otherwise does not differ. */
export function catalogDifference(before: CatalogSnapshot, after: CatalogSnapshot): CatalogDifference {
  if (before === after) return none;
  const facts = textOfFacts(before, after) !== textOfFacts(after, before);
  const flags = namesOf(before.flags, after.flags).filter((name) => {
    const [one, other] = [before.flags.get(name), after.flags.get(name)];
    return !one || !other || flagText(one) !== flagText(other) || (facts && flagAsks(one, asksFacts));
  });
  return {
    facts,
    roles: movingRoles(
      { permissions: before.permissions, roles: before.roles },
      { permissions: after.permissions, roles: after.roles },
      facts,
    ),
    flags,
    flagsAskMembers: flags.some((name) =>
      [before.flags.get(name), after.flags.get(name)].some((flag) => flag && asksMembers(flag)),
    ),
    plans: facts,
    rateLimits: textOfRateLimits(before, after) !== textOfRateLimits(after, before),
    prices: namesOf(before.planVersions, after.planVersions).some(
      (key) => pricesText(before.planVersions.get(key)) !== pricesText(after.planVersions.get(key)),
    ),
  };
}

const none: CatalogDifference = {
  facts: false,
  roles: new Set(),
  flags: [],
  flagsAskMembers: false,
  plans: false,
  rateLimits: false,
  prices: false,
};

/** The roles that say otherwise in the second of two sets, by name. */
export function movingRoles(before: Roles, after: Roles, facts: boolean): ReadonlySet<string> {
  return new Set(
    namesOf(before.roles, after.roles).filter((name) => {
      const [one, other] = [before.roles.get(name), after.roles.get(name)];
      if (!one || !other || one.isAcross !== other.isAcross) return true;
      return (
        roleText(one, before.permissions) !== roleText(other, after.permissions) ||
        (facts && roleAsksFacts(one))
      );
    }),
  );
}

/** Roles, and the permissions that their verdicts are about. */
export type Roles = Pick<CatalogSnapshot, "permissions" | "roles">;

/** Whether a flag is asked of members: they are spread over it, or its rules ask about them. */
export function asksMembers(flag: FlagSnapshot): boolean {
  return (
    flag.declared.rules.some(({ by }) => by === "member") ||
    flagAsks(flag, (condition) => attributesOf(condition).some((name) => name.startsWith("member.")))
  );
}

function flagAsks({ declared }: FlagSnapshot, asks: (condition: Condition) => boolean): boolean {
  return declared.rules.some(({ if: condition }) => condition !== null && asks(condition));
}

function namesOf(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])];
}

function textOf(value: unknown): string {
  return canonicalText(value as Value);
}

function flagText({ salt, variants, declared }: FlagSnapshot): string {
  return textOf({ salt, variants, default: declared.default, rules: declared.rules });
}

/** A version that only one catalog has is none that an unchanged row names; a fallback needs no row. */
function textOfFacts(
  { attributes, features, products, planVersions }: CatalogSnapshot,
  other: CatalogSnapshot,
) {
  const shared = [...planVersions.values()].filter(({ key }) => other.planVersions.has(key));
  return textOf({
    attributes: Object.fromEntries(attributes),
    features: Object.fromEntries(features),
    products: products.map(({ name, fallback }) => ({ name, fallback: fallback && versionFacts(fallback) })),
    versions: Object.fromEntries(shared.map((version) => [version.key, versionFacts(version)])),
  });
}

function textOfRateLimits({ rateLimits, products, planVersions }: CatalogSnapshot, other: CatalogSnapshot) {
  const shared = [...planVersions.values()].filter(({ key }) => other.planVersions.has(key));
  return textOf({
    general: [...rateLimits].map(([name, { value }]) => ({ name, value })).sort(byName),
    products: products.map(({ name, fallback }) => ({ name, fallback: fallback && ratesOf(fallback) })),
    versions: Object.fromEntries(shared.map((version) => [version.key, ratesOf(version)])),
  });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return byCodeUnit(a.name, b.name);
}

function ratesOf({ rateLimits }: PlanVersionSnapshot) {
  return Object.fromEntries(rateLimits);
}

function versionFacts({ key, plan, product, entitlements }: PlanVersionSnapshot) {
  return { key, plan, product, entitlements: Object.fromEntries(entitlements) };
}

function pricesText(version: PlanVersionSnapshot | undefined): string {
  return textOf(version ? Object.fromEntries(version.prices) : {});
}

/** By the permissions' names: verdicts are kept by a number that another permission may have next time. */
function roleText({ verdicts }: RoleSnapshot, permissions: Roles["permissions"]): string {
  const said = [...permissions.values()].flatMap(({ key, scope, index }) => {
    const verdict = verdicts[index];
    if (!verdict) return [];
    const conditions = (effect: "allow" | "deny") => verdict[effect].map(({ condition }) => condition);
    return [{ key, scope, allow: conditions("allow"), deny: conditions("deny") }];
  });
  return textOf(said.sort((a, b) => byCodeUnit(a.key, b.key)));
}

function roleAsksFacts({ verdicts }: RoleSnapshot): boolean {
  return verdicts.some(
    (verdict) =>
      verdict !== undefined &&
      [...verdict.allow, ...verdict.deny].some(({ condition }) => condition !== null && asksFacts(condition)),
  );
}
