import type { Plan } from "../plan/plan.ts";
import { closeBooks, takeBooks, tellListeners } from "./books.ts";
import { buryOrgs } from "./bury-orgs.ts";
import { noteBaselines } from "./note-baselines.ts";
import { countChanges, type RevisionRecord, recordRevision } from "./record-revision.ts";
import type { Transaction } from "./transaction.ts";
import { writeChanges } from "./write-changes.ts";
import type { Step } from "./writing.ts";

export interface RevisionWriting extends Omit<RevisionRecord, "counts"> {
  readonly step: Step;
  readonly onProgress?: ((written: number, total: number) => void) | undefined;
  /** Sees, once the books are locked, that the plan still holds; throws where it does not. */
  readonly check: () => Promise<void>;
}

/** Everything that an apply writes, under the estate's lock and but for COMMIT; returns how many rows it changed. */
export async function writeRevision(
  transaction: Transaction,
  plan: Plan,
  { step, onProgress, check, ...record }: RevisionWriting,
): Promise<number> {
  await step("revision");
  await recordRevision(transaction, { ...record, counts: countChanges(plan) });
  const rows = await writeChanges(transaction, plan, { step, onProgress });
  await step("bury orgs");
  await buryOrgs(transaction, plan, record.revision);
  await step("take books");
  await takeBooks(transaction, plan);
  await step("check");
  await check();
  await step("close books");
  await closeBooks(transaction);
  await noteBaselines(transaction, plan, record, step);
  await step("tell");
  await tellListeners(transaction);
  return rows;
}
