import type { Kind } from "../../model/kinds.ts";
import type { CatalogSnapshot } from "../snapshot.ts";
import { type CatalogDifference, catalogDifference } from "./catalog-difference.ts";

/**
 * The kinds of an org's rows that have to be read to say what a catalog's change decides differently in an org whose
 * own rows stay as they are. Empty: nothing in any org can be decided differently.
 */
export function affectedKinds(before: CatalogSnapshot, after: CatalogSnapshot): ReadonlySet<Kind> {
  const difference = catalogDifference(before, after);
  const isSsoSold = before.features.has("sso");
  return new Set<Kind>([
    ...(movesRights(difference) ? rights : []),
    ...(difference.flags.length > 0 ? ([...facts, "flag_override"] as const) : []),
    ...(difference.flagsAskMembers ? people : []),
    ...(difference.plans ? plans : []),
    ...(difference.plans && isSsoSold ? (["sso", "member"] as const) : []),
    ...(difference.rateLimits ? (["org", "subscription", "rate_limit"] as const) : []),
    ...(difference.prices ? (["org", "subscription"] as const) : []),
  ]);
}

/** Facts alone matter too: an org's own role may ask about them, and which do is only known from the rows. */
export function movesRights({ roles, facts }: CatalogDifference): boolean {
  return roles.size > 0 || facts;
}

const plans = ["org", "subscription", "entitlement"] as const;
/** What conditions ask about, and where: an entitlement may be given in one place only. */
const facts = [...plans, "workspace", "environment"] as const;
const people = ["member", "team", "team_member"] as const;
const rights = [...facts, ...people, "binding", "role", "resource"] as const;
