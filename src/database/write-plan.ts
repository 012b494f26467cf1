import type { Plan } from "../plan/plan.ts";
import { baseline, checkBooks, closeBooks, takeBooks } from "./books.ts";
import type { Database } from "./connect.ts";
import { DatabaseError, LockHeld, PlanStale } from "./database-error.ts";
import { findApply } from "./find-apply.ts";
import { inTransaction } from "./in-transaction.ts";
import { lockEstate, whoHoldsTheLock } from "./lock-estate.ts";
import { countChanges, recordRevision } from "./record-revision.ts";
import { refusal } from "./refusal.ts";
import { sqlState, sqlStateOf } from "./sql-state.ts";
import type { Transaction } from "./transaction.ts";
import { writeChanges } from "./write-changes.ts";
import type { Step } from "./writing.ts";

export interface WriteOptions {
  /** Made by the caller before the first try; by it `findApply` tells whether the apply took place. */
  readonly applyId: string;
  /** For whom it is applied, as history and audit will say. */
  readonly actor: string;
  /** The commit that the manifests are from. */
  readonly commit?: string | undefined;
  /** How long to wait for each lock, in milliseconds; ten seconds where nothing is said. */
  readonly lockTimeout?: number | undefined;
  readonly onProgress?: ((written: number, total: number) => void) | undefined;
  readonly step?: Step | undefined;
}

export interface Applied {
  readonly revision: number;
  /** How many rows were created, updated and deleted. */
  readonly rows: number;
}

const tries = 3;

/**
 * Makes a plan true, in one transaction: all of it or nothing. An empty plan writes nothing and makes no
 * revision; a plan whose `applyId` was applied already is not applied again. Throws `PlanStale` where the
 * database is no more what the plan was made from, `LockHeld` where somebody else stays in the way,
 * `ChangeRefused` where a constraint is broken, `OutcomeUnknown` where the answer to COMMIT was lost.
 */
export async function writePlan(database: Database, plan: Plan, options: WriteOptions): Promise<Applied> {
  if (plan.scopes.every(({ changes }) => changes.length === 0)) {
    return { revision: plan.base.revision, rows: 0 };
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(database, "apply", { actor: options.actor }, (transaction) =>
        write(transaction, plan, options),
      );
    } catch (error) {
      if (attempt < tries && isRetried(error)) continue;
      throw await readable(database, error);
    }
  }
}

/**
 * READ COMMITTED throughout: after waiting for a lock, each statement sees what its holder committed. That is
 * sound because the estate's lock keeps other applies out, every row is compared as it is written, and the
 * books of everything the plan was made from are locked and compared before the end.
 */
async function write(transaction: Transaction, plan: Plan, options: WriteOptions): Promise<Applied> {
  const step: Step = (name) => options.step?.(name);
  await step("lock");
  const estate = await lockEstate(transaction, options.lockTimeout ?? 10_000);
  await step("find apply");
  const earlier = await findApply(transaction, options.applyId);
  if (earlier !== null) return { revision: earlier, rows: 0 };
  if (estate.epoch !== plan.base.epoch) {
    throw new PlanStale("The plan was made from another database, or from before this one was restored.");
  }
  if (estate.revision !== plan.base.revision) {
    throw new PlanStale(
      `The plan was made from revision ${plan.base.revision}; the estate is at ${estate.revision}.`,
    );
  }
  // Only to tell early; what decides is the same comparison under locks, after writing.
  await step("check books");
  await checkBooks(transaction, plan);
  const revision = estate.revision + 1;
  await step("revision");
  await recordRevision(transaction, { ...options, revision, counts: countChanges(plan) });
  const rows = await writeChanges(transaction, plan, { step, onProgress: options.onProgress });
  await step("take books");
  await takeBooks(transaction, plan);
  await step("close books");
  await closeBooks(transaction);
  await step("baseline");
  await baseline(transaction, plan);
  await step("commit");
  return { revision, rows };
}

function isRetried(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === sqlState.deadlock || state === sqlState.serializationFailure;
}

async function readable(database: Database, error: unknown): Promise<unknown> {
  if (error instanceof DatabaseError) return error;
  if (sqlStateOf(error) === sqlState.lockNotAvailable) {
    return new LockHeld(`Somebody else holds the lock: ${await whoHoldsTheLock(database)}.`);
  }
  if (isRetried(error)) return new LockHeld(`Other writers were in the way ${tries} times. Try again.`);
  return refusal(error) ?? error;
}
