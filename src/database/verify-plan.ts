import type { Plan } from "../plan/plan.ts";
import type { Database } from "./connect.ts";
import { ChangeRefused } from "./database-error.ts";
import { type WriteOptions, writePlan } from "./write-plan.ts";

/**
 * Runs the whole apply and takes it back, to meet what only the database knows. Returns what it refused, with the
 * address of the change where that can be told, and null where it would take all. Throws what an apply throws otherwise.
 */
export async function verifyPlan(
  database: Database,
  plan: Plan,
  options: Pick<WriteOptions, "applyId" | "actor" | "lockTimeout" | "onProgress">,
): Promise<ChangeRefused | null> {
  const takenBack = new Error("Taken back, as was asked for.");
  try {
    await writePlan(database, plan, {
      ...options,
      step(name) {
        if (name === "commit") throw takenBack;
      },
    });
  } catch (error) {
    if (error === takenBack) return null;
    if (error instanceof ChangeRefused) return error;
    throw error;
  }
  return null;
}
