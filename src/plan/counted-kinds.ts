import type { Kind } from "../model/kinds.ts";
import { catalogId } from "../model/state.ts";
import type { Change, Plan, ScopePlan } from "./plan.ts";

/** Of every scope, by its id, the kinds of which each row counted when the plan was judged. */
export type CountedKinds = ReadonlyMap<string, ReadonlySet<Kind>>;

/** Who holds which role, and so who the owners are. */
const people: readonly Kind[] = ["role", "member", "team", "team_member", "binding"];
/** What says how much an org may have. */
const allowances: readonly Kind[] = ["subscription", "entitlement"];
const catalogOfPeople: readonly Kind[] = ["catalog_role"];
const catalogOfAllowances: readonly Kind[] = ["feature", "product", "plan", "plan_version"];

/**
 * What the brakes counted that the plan's own rows do not show: owners where people or their roles change, and
 * whatever a limit counts where that, or the limit, changes. `limited` are the kinds that some limit counts.
 */
export function countedKinds(plan: Plan, limited: ReadonlySet<Kind>): CountedKinds {
  const counted = new Map<string, Set<Kind>>();
  const count = (orgId: string, kinds: Iterable<Kind>) => {
    const known = counted.get(orgId) ?? new Set();
    counted.set(orgId, known);
    for (const kind of kinds) known.add(kind);
  };
  const judge = (orgId: string, judged: Judged) => {
    if (judged.owners) {
      count(orgId, people);
      count(catalogId, catalogOfPeople);
    }
    if (judged.limits.size === 0) return;
    count(orgId, [...judged.limits, ...allowances]);
    count(catalogId, catalogOfAllowances);
  };
  for (const scope of plan.scopes) {
    if (scope.orgId !== catalogId) judge(scope.orgId, judgedIn(scope, limited));
    else {
      const judged = judgedByCatalog(scope, limited);
      for (const orgId of plan.base.counters.keys()) if (orgId !== catalogId) judge(orgId, judged);
    }
  }
  return counted;
}

interface Judged {
  readonly owners: boolean;
  readonly limits: ReadonlySet<Kind>;
}

function judgedIn({ changes }: ScopePlan, limited: ReadonlySet<Kind>): Judged {
  const movesLimits = changes.some(
    ({ kind, action }) => allowances.includes(kind) || (kind === "org" && action !== "create"),
  );
  const added = changes.filter(({ kind, action }) => limited.has(kind) && action !== "delete");
  return {
    owners: changes.some(({ kind }) => people.includes(kind)),
    limits: movesLimits ? limited : new Set(added.map(({ kind }) => kind)),
  };
}

/** A change of the catalog that is judged in every org. */
function judgedByCatalog({ changes }: ScopePlan, limited: ReadonlySet<Kind>): Judged {
  const movesLimits = changes.some(
    ({ kind, action }) => kind === "feature" || (kind === "plan_version" && action === "update"),
  );
  return { owners: changes.some(movesOwners), limits: movesLimits ? limited : new Set() };
}

function movesOwners(change: Change): boolean {
  if (change.kind !== "catalog_role") return false;
  if (change.action === "update") return change.fields.some(({ field }) => field === "at_least");
  return change.action === "delete" || Number(change.after.at_least ?? 0) > 0;
}
