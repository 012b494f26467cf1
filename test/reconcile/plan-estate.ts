import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../src/database/connect.ts";
import { type ReadOptions, readActual } from "../../src/database/read-actual.ts";
import type { DesiredState } from "../../src/model/state.ts";
import { canonicalTime } from "../../src/model/value.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";

/** Compares the desired state with what the database holds now, in one snapshot of it. */
export async function planEstate(
  database: Database,
  desired: DesiredState,
  now: Date,
  options: Pick<ReadOptions, "onProgress"> = {},
): Promise<Plan> {
  const actual = await readActual(database, options);
  // Version 7 ids begin with the time, so that new rows stand together in every index.
  return makePlan(desired, actual, { now: canonicalTime(now.toISOString()), newId: () => uuidv7() }).plan;
}
