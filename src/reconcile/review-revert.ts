import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";
import type { Impact } from "../decision/impact/impact.ts";
import { letPass } from "../plan/allow.ts";
import type { KeysAfter } from "../plan/keys-after.ts";
import type { Plan } from "../plan/plan.ts";
import { keysOf } from "./keys-of-plan.ts";
import { planRevert, type RevertPlan } from "./plan-revert.ts";
import { weighPlan } from "./weigh-plan.ts";

/** A plan that takes back a revision, with all that a reviewer has to know of it. */
export interface RevertReview {
  readonly made: RevertPlan;
  readonly plan: Plan;
  readonly impact: Impact;
  readonly keys: KeysAfter | null;
  /** What is wrong with what was to be let pass. */
  readonly faults: readonly string[];
}

/** Holds a revert to the same brakes as any other plan, and says what it decides; null where there is no such revision. */
export async function reviewRevert(
  database: Database,
  revision: number,
  { now, allow }: { readonly now: Date; readonly allow: readonly string[] },
): Promise<RevertReview | null> {
  const made = await planRevert(database, revision, now);
  if (!made) return null;
  // Where the catalog changes, the plan has read every org.
  const weighed = { planned: made.planned, others: [], now: now.getTime() };
  const snapshot = { isolation: "repeatable read", readOnly: true } as const;
  return inTransaction(database, "apply", snapshot, async (transaction) => {
    const brakes = await weighPlan(transaction, weighed);
    const passed = letPass([...made.plan.findings, ...brakes.findings], allow);
    const { findings, allowed, faults } = passed;
    const notes = [...made.plan.notes, ...brakes.notes];
    const plan = { ...made.plan, findings, allowed, notes, headroom: brakes.headroom };
    return { made, plan, impact: brakes.impact, keys: await keysOf(transaction, plan), faults };
  });
}
