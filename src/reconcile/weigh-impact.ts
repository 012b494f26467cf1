import type { Books } from "../database/read-books.ts";
import { readOrgRows } from "../database/read-rows.ts";
import type { Transaction } from "../database/transaction.ts";
import { compileCatalog } from "../decision/compile-catalog.ts";
import type { OrgSource } from "../decision/compile-org.ts";
import { affectedKinds } from "../decision/impact/affected-kinds.ts";
import { collectImpact, type ImpactCollector } from "../decision/impact/collect-impact.ts";
import type { Impact } from "../decision/impact/impact.ts";
import type { Kind } from "../model/kinds.ts";
import type { Resource } from "../model/state.ts";
import { keysOfScope } from "../plan/diff-scopes.ts";
import type { PlannedScope } from "../plan/make-plan.ts";
import { matchScope } from "../plan/match-scope.ts";
import { statesOf } from "../plan/scope-states.ts";

/** So many orgs are read at a time of those that only the catalog reaches. */
const orgsAtATime = 1_000;

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
  const kinds = affectedKinds(before, after);
  if (kinds.size > 0) await addOthers(transaction, { others, kinds, catalog }, impact);
  return impact.result();
}

/** Adds the orgs of which no row changes, with the rows that the catalog's change can matter to. */
async function addOthers(
  transaction: Transaction,
  { others, kinds, catalog }: Pick<Weighed, "others"> & Reach,
  impact: ImpactCollector,
): Promise<void> {
  const keyOf = keysOfScope(catalog);
  for (let start = 0; start < others.length; start += orgsAtATime) {
    const part = others.slice(start, start + orgsAtATime);
    const rows = await readOrgRows(
      transaction,
      part.map(({ orgId }) => orgId),
      [...new Set<Kind>(["org", ...kinds])],
    );
    for (const { orgId, slug, counter } of part) {
      if (slug === null) continue;
      const actual = { org: slug, orgId, counter, rows: rows.get(orgId) ?? new Map(), writes: [] };
      const { pairs } = matchScope(null, actual, keyOf, noNewRows);
      const resources = pairs.map(
        ({ kind, key, before }): Resource => ({ kind, key, fields: before, previously: [], path: [] }),
      );
      const memberIds = new Map(pairs.flatMap(({ kind, key, id }) => (kind === "member" ? [[key, id]] : [])));
      const source: OrgSource = { id: orgId, slug, resources, memberIds };
      impact.add({ before: source, after: source });
    }
  }
}

interface Reach {
  readonly kinds: ReadonlySet<Kind>;
  readonly catalog: PlannedScope;
}

function noNewRows(): never {
  throw new Error("An org that is only looked at gets no new rows.");
}
