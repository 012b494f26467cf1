import type { Database } from "../database/connect.ts";
import { readActual } from "../database/read-actual.ts";
import { type Revision, readCounters, readHistory, readRevisionRows } from "../database/read-history.ts";
import { type ActualScope, type ActualState, catalogId } from "../model/state.ts";
import { canonicalTime } from "../model/value.ts";
import { planUndo, type UndoPlan } from "../plan/plan-undo.ts";
import type { RevisedRow } from "../plan/undo-rows.ts";

/** A plan that takes back a revision, and the revision. */
export interface RevertPlan extends UndoPlan {
  readonly revision: Revision;
}

/**
 * The plan that takes back what one revision did to rows, and nothing else: what other revisions and writers did
 * stays. See `planUndo` for what stops it. Null where there is no such revision.
 */
export async function planRevert(database: Database, number: number, now: Date): Promise<RevertPlan | null> {
  const [revision] = await readHistory(database, { revision: number });
  if (!revision) return null;
  const rows = await readRevisionRows(database, number);
  const actual = await readRevised(database, rows);
  return { ...planUndo(actual, rows, canonicalTime(now.toISOString())), revision };
}

/** The orgs that a revision changed; all of them where it changed the catalog, to whose rows any org may refer. */
async function readRevised(database: Database, rows: readonly RevisedRow[]): Promise<ActualState> {
  const isOfCatalog = rows.some(({ orgId }) => orgId === catalogId);
  const orgs = [...new Set(rows.flatMap(({ org }) => org ?? []))];
  return withGoneOrgs(database, await readActual(database, isOfCatalog ? {} : { orgs }), rows);
}

/** A state with those orgs in it that some rows were of and that are not there: empty, at the counter that they ended with. */
export async function withGoneOrgs(
  database: Database,
  actual: ActualState,
  rows: readonly RevisedRow[],
): Promise<ActualState> {
  const slugs = new Map(rows.map(({ orgId, org }) => [orgId, org]));
  for (const { orgId } of [actual.catalog, ...actual.orgs]) slugs.delete(orgId);
  const counters = await readCounters(database, [...slugs.keys()]);
  const gone = [...slugs].map(([orgId, org]): ActualScope => {
    return { org, orgId, counter: counters.get(orgId) ?? 0, rows: new Map(), writes: [] };
  });
  return { ...actual, orgs: [...actual.orgs, ...gone] };
}
