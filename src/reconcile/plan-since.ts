import type { Database } from "../database/connect.ts";
import { readActual } from "../database/read-actual.ts";
import { readActualAt } from "../database/read-actual-at.ts";
import { type LastWriter, readLastWriters } from "../database/read-last-writers.ts";
import { byCodeUnit } from "../model/value.ts";
import type { Plan, ScopePlan } from "../plan/plan.ts";
import { planBetween } from "../plan/plan-between.ts";

/** What changed since a revision, as a plan that would do the same. */
export interface PlanSince {
  readonly plan: Plan;
  /** The revision that the estate is at now. */
  readonly revision: number;
  /** Its changes, apart by who wrote the rows last. */
  readonly byWriter: readonly { readonly scope: ScopePlan; readonly by: LastWriter | null }[];
}

/** What changed in the database since a revision, whoever changed it. Null where there is no such revision. */
export async function planSince(
  database: Database,
  revision: number,
  now: string,
): Promise<PlanSince | null> {
  const then = await readActualAt(database, revision);
  if (!then) return null;
  const actual = await readActual(database);
  const { plan } = planBetween(then, actual, { now });
  const writers = await readLastWriters(database, plan.scopes);
  return { plan, revision: actual.revision, byWriter: plan.scopes.flatMap((scope) => apart(scope, writers)) };
}

/** What one transaction wrote stands together; the earliest first. */
function apart(scope: ScopePlan, writers: ReadonlyMap<string, LastWriter>): PlanSince["byWriter"] {
  const groups = new Map<string, { by: LastWriter | null; changes: ScopePlan["changes"][number][] }>();
  for (const change of scope.changes) {
    const by = writers.get(change.id) ?? null;
    const name = by ? `${by.revision ?? by.at} ${by.login} ${by.application}` : "";
    const group = groups.get(name) ?? { by, changes: [] };
    groups.set(name, group);
    group.changes.push(change);
  }
  return [...groups.values()]
    .sort((a, b) => byCodeUnit(a.by?.at ?? "", b.by?.at ?? ""))
    .map(({ by, changes }) => ({ by, scope: { ...scope, changes } }));
}
