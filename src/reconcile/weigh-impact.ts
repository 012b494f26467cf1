import type { Books } from "../database/read-books.ts";
import type { Transaction } from "../database/transaction.ts";
import { compileCatalog } from "../decision/compile-catalog.ts";
import type { OrgSource } from "../decision/compile-org.ts";
import { affectedKinds } from "../decision/impact/affected-kinds.ts";
import { collectImpact } from "../decision/impact/collect-impact.ts";
import type { Impact } from "../decision/impact/impact.ts";
import type { Resource } from "../model/state.ts";
import type { PlannedScope } from "../plan/make-plan.ts";
import { statesOf } from "../plan/scope-states.ts";
import { readOthers } from "./read-others.ts";

export interface Weighed {
  /** The catalog first, then the orgs that were looked at. */
  readonly planned: readonly PlannedScope[];
  /** The orgs that were not: a change of the catalog may reach them all the same. */
  readonly others: readonly Books[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Decides everything before the plan and after it, with the code that the runtime answers from. */
export async function weighImpact(
  transaction: Transaction,
  { planned, others, now }: Weighed,
): Promise<Impact> {
  const [catalog, ...orgs] = planned as readonly [PlannedScope, ...PlannedScope[]];
  const states = statesOf(catalog);
  const before = compileCatalog(states.before ?? []);
  const after = compileCatalog(states.after ?? []);
  const impact = collectImpact({ before, after, now });
  for (const scope of orgs) {
    const { before: earlier, after: later, memberIds } = statesOf(scope, catalog);
    const sourceOf = (resources: readonly Resource[] | null): OrgSource | null =>
      resources && { id: scope.orgId, slug: scope.org ?? "", resources, memberIds };
    const source = sourceOf(earlier);
    // The very same object says that only the catalog may differ.
    impact.add({ before: source, after: scope.changes.length === 0 ? source : sourceOf(later) });
  }
  // The rows of an org of which none changes: the very same object says so, too.
  for await (const { orgId: id, ...org } of readOthers(transaction, {
    others,
    kinds: affectedKinds(before, after),
    catalog,
  })) {
    const source: OrgSource = { id, ...org };
    impact.add({ before: source, after: source });
  }
  return impact.result();
}
