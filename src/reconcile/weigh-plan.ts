import { countOrgRows } from "../database/count-org-rows.ts";
import type { Books } from "../database/read-books.ts";
import type { Transaction } from "../database/transaction.ts";
import { compileCatalog } from "../decision/compile-catalog.ts";
import type { OrgSource } from "../decision/compile-org.ts";
import { affectedKinds } from "../decision/impact/affected-kinds.ts";
import { collectImpact } from "../decision/impact/collect-impact.ts";
import type { Impact } from "../decision/impact/impact.ts";
import type { Kind } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";
import type { PlannedScope } from "../plan/make-plan.ts";
import { countRemovals, fewestRemovals, weighRemovals } from "../plan/max-removals.ts";
import type { Finding, Headroom, Note } from "../plan/plan.ts";
import { statesOf } from "../plan/scope-states.ts";
import { nextDueOf } from "./baselines.ts";
import { brakesOf } from "./brakes.ts";
import { readOthers } from "./read-others.ts";

export interface PlanToWeigh {
  /** The catalog first, then the orgs that were looked at. */
  readonly planned: readonly PlannedScope[];
  /** The orgs that were not: a change of the catalog may reach them all the same. */
  readonly others: readonly Books[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface WeighedPlan {
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
  readonly headroom: readonly Headroom[];
  readonly impact: Impact;
  /** When each scope is next due, by org id; null: never. */
  readonly due: ReadonlyMap<string, string | null>;
}

/**
 * What a plan decides, and what stops it because of what the database will hold and of how much it removes. Decided
 * with the code that the runtime answers from, org by org, so that their states need not be held together.
 */
export async function weighPlan(
  transaction: Transaction,
  { planned, others, now }: PlanToWeigh,
): Promise<WeighedPlan> {
  const [catalog, ...orgs] = planned as readonly [PlannedScope, ...PlannedScope[]];
  const states = statesOf(catalog);
  const before = compileCatalog(states.before ?? []);
  const after = compileCatalog(states.after ?? []);
  const impact = collectImpact({ before, after, now });
  const brakes = brakesOf(catalog, now);
  const affected = affectedKinds(before, after);
  const due = new Map([[catalog.orgId, nextDueOf(states.after ?? [], now)]]);
  for (const scope of orgs) {
    const org = statesOf(scope, catalog);
    due.set(scope.orgId, nextDueOf(org.after ?? [], now));
    const hasChanges = scope.changes.length > 0;
    // Where nothing changes, nothing is made worse.
    if (hasChanges || brakes.kinds.size > 0)
      brakes.judge({ slug: scope.org ?? "", before: org.before, after: org.after, changes: scope.changes });
    const isBeside = affected.size === 0 && scope.changes.every(({ kind }) => decidingLittle.has(kind));
    const sourceOf = (resources: readonly Resource[] | null): OrgSource | null =>
      resources && {
        id: scope.orgId,
        slug: scope.org ?? "",
        resources: isBeside ? resources.filter(({ kind }) => !ofPeopleAndPlaces.has(kind)) : resources,
        memberIds: org.memberIds,
      };
    const source = sourceOf(org.before);
    // The very same object says that only the catalog may differ.
    impact.add({ before: source, after: hasChanges ? sourceOf(org.after) : source });
  }
  const kinds = new Set<Kind>([...brakes.kinds, ...affected]);
  for await (const { orgId: id, ...org } of readOthers(transaction, { others, kinds, catalog })) {
    const source: OrgSource = { id, ...org };
    if (affected.size > 0) impact.add({ before: source, after: source });
    if (brakes.kinds.size > 0)
      brakes.judge({ slug: org.slug, before: org.resources, after: org.resources, changes: [] });
  }
  const isMany = countRemovals(planned) >= fewestRemovals;
  const removals = weighRemovals(planned, isMany ? await countOrgRows(transaction) : null);
  const judged = brakes.result();
  return {
    findings: [...judged.findings, ...removals.findings],
    notes: judged.notes,
    headroom: removals.headroom,
    impact: impact.result(),
    due,
  };
}

/** Of these nothing is decided but what is traced, so that who is where need not be compiled for it. */
const decidingLittle: ReadonlySet<Kind> = new Set<Kind>([
  "trace",
  "branding",
  "banner",
  "api_key",
  "webhook",
  "notification",
]);

const ofPeopleAndPlaces: ReadonlySet<Kind> = new Set<Kind>([
  "role",
  "member",
  "team",
  "team_member",
  "binding",
  "workspace",
  "environment",
  "resource",
]);
