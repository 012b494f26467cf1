import type { Kind } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";
import { compileOrg, type OrgSource } from "./compile-org.ts";
import { decideEntitlement } from "./decide-entitlement.ts";
import { questionOf } from "./question.ts";
import type { CatalogSnapshot, FeatureSnapshot } from "./snapshot.ts";

/** A limit that an org has more than. */
export interface OverLimit {
  readonly feature: string;
  /** The word of the feature: `members`, `api_keys`. */
  readonly counts: string;
  /** The kind of rows that it counts. */
  readonly kind: Kind;
  /** How many there are; of members, the active ones. */
  readonly count: number;
  readonly allowed: number;
  /** The plan's version or the override that allows so many; null where nothing gives any. */
  readonly decidedBy: string | null;
}

/** What a feature can count of an org's rows; anything else is the app's to count. */
export const countedKinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["members", "member"],
  ["teams", "team"],
  ["workspaces", "workspace"],
  ["environments", "environment"],
  ["resources", "resource"],
  ["roles", "role"],
  ["api_keys", "api_key"],
  ["webhooks", "webhook"],
]);

/**
 * The limits of the whole org that its rows exceed at a time in milliseconds, in the catalog's order; rows of every
 * origin count. Nothing is over a limit in an org that is not active.
 */
export function overLimits(catalog: CatalogSnapshot, source: OrgSource, now: number): readonly OverLimit[] {
  const limits = [...catalog.features.values()].flatMap(limitOf);
  if (limits.length === 0) return [];
  const org = compileOrg(catalog, { ...source, resources: source.resources.filter(isDecisive) });
  if (org.status !== "active") return [];
  const question = questionOf({ org, now });
  return limits.flatMap(({ feature, counts, kind }) => {
    const { value: allowed, decidedBy } = decideEntitlement(question, feature);
    const count = countOf(source.resources, kind);
    return typeof allowed === "number" && count > allowed
      ? [{ feature, counts, kind, count, allowed, decidedBy }]
      : [];
  });
}

function limitOf({ name, type, counts }: FeatureSnapshot) {
  const kind = type === "limit" && counts !== null ? countedKinds.get(counts) : undefined;
  return kind && counts !== null ? [{ feature: name, counts, kind }] : [];
}

/** What decides a limit of the whole org: compiling the rest would cost many times as much. */
function isDecisive({ kind, fields }: Resource): boolean {
  if (kind === "entitlement") return fields.workspace == null && fields.environment == null;
  return kind === "org" || kind === "subscription";
}

/** A member's status that nobody said is the documented one: active. */
function countOf(resources: readonly Resource[], kind: Kind): number {
  let count = 0;
  for (const each of resources) {
    if (each.kind === kind && (kind !== "member" || (each.fields.status ?? "active") === "active"))
      count += 1;
  }
  return count;
}
