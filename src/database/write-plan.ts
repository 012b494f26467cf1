import { setTimeout } from "node:timers/promises";
import type { Plan } from "../plan/plan.ts";
import { takeBooks } from "./books.ts";
import { checkStale } from "./check-stale.ts";
import type { Database } from "./connect.ts";
import { DatabaseError, DatabaseUnreachable, LockHeld, OutcomeUnknown, PlanStale } from "./database-error.ts";
import { type EarlierApply, findApply } from "./find-apply.ts";
import { inTransaction } from "./in-transaction.ts";
import { locateRefused } from "./locate-refused.ts";
import { lockEstate, whoHoldsTheLock } from "./lock-estate.ts";
import { noteBaselines } from "./note-baselines.ts";
import type { Estate } from "./read-estate.ts";
import { refusal, refusedIn } from "./refusal.ts";
import { settleApply } from "./settle-apply.ts";
import { sqlState, sqlStateOf } from "./sql-state.ts";
import type { Transaction } from "./transaction.ts";
import { writeRevision } from "./write-revision.ts";
import type { Step } from "./writing.ts";

export interface WriteOptions {
  /** Made by the caller before the first try; by it `findApply` tells whether the apply took place. */
  readonly applyId: string;
  /** For whom it is applied, as history and audit will say. */
  readonly actor: string;
  /** The commit that the manifests are from. */
  readonly commit?: string | undefined;
  /** The first line of the commit's message. */
  readonly title?: string | undefined;
  /** How long to wait for each lock, in milliseconds; ten seconds where nothing is said. */
  readonly lockTimeout?: number | undefined;
  /** How long to ask what became of it where the answer to COMMIT was lost, in milliseconds; eight seconds. */
  readonly patience?: number | undefined;
  readonly onProgress?: ((written: number, total: number) => void) | undefined;
  readonly step?: Step | undefined;
}

export interface Applied {
  readonly revision: number;
  /** How many rows were created, updated and deleted. */
  readonly rows: number;
  /** Set where nothing was written, because this very apply had taken place already. */
  readonly earlier: EarlierApply | null;
}

const tries = 5;

/**
 * Makes a plan true, in one transaction: all of it or nothing. A plan without changes makes no revision, and
 * only notes what was looked at; one whose `applyId` was applied already is not applied again. Throws
 * `PlanStale` where a row that it rests on is no more as it was, `LockHeld` where somebody else stays in
 * the way, `ChangeRefused` where a constraint is broken, `OutcomeUnknown` where the answer to COMMIT was lost
 * and nobody could be asked for some seconds.
 */
export async function writePlan(database: Database, plan: Plan, options: WriteOptions): Promise<Applied> {
  const isEmpty = plan.scopes.every(({ changes }) => changes.length === 0);
  if (isEmpty && plan.baselines.length === 0) {
    return { revision: plan.base.revision, rows: 0, earlier: null };
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(database, "apply", { actor: options.actor }, (transaction) =>
        isEmpty ? note(transaction, plan, options) : write(transaction, plan, options),
      );
    } catch (error) {
      if (attempt < tries && isRetried(error)) {
        await setTimeout(attempt * 20);
        continue;
      }
      if (error instanceof OutcomeUnknown && isEmpty) throw lostNote(error);
      if (error instanceof OutcomeUnknown) {
        const settled = await settleApply(database, options.applyId, {
          lost: error,
          patience: options.patience,
        });
        return { revision: settled.revision, rows: countRows(plan), earlier: null };
      }
      throw await readable(database, plan, { error, lockTimeout: options.lockTimeout ?? 10_000 });
    }
  }
}

/**
 * READ COMMITTED throughout: after waiting for a lock, each statement sees what its holder committed. That is
 * sound because the estate's lock keeps other applies out, every row is compared as it is written, and what
 * the plan was made from is compared once its books are locked, before the end.
 */
async function write(transaction: Transaction, plan: Plan, options: WriteOptions): Promise<Applied> {
  const step: Step = (name) => options.step?.(name);
  await step("lock");
  const estate = await lockEstate(transaction, options.lockTimeout ?? 10_000);
  await step("find apply");
  const earlier = await findApply(transaction, options.applyId);
  if (earlier !== null) return { revision: earlier.revision, rows: 0, earlier };
  checkEstate(estate, plan);
  // Only to tell early; what decides is the same comparison under locks, after writing.
  await step("check early");
  await checkStale(transaction, plan);
  const revision = estate.revision + 1;
  const check = () => checkStale(transaction, plan);
  const rows = await writeRevision(transaction, plan, { ...options, revision, step, check });
  await step("commit");
  return { revision, rows, earlier: null };
}

/** Nothing is to be written, and nothing can be stale: what moved meanwhile is left to be looked at again. */
async function note(transaction: Transaction, plan: Plan, options: WriteOptions): Promise<Applied> {
  const step: Step = (name) => options.step?.(name);
  await step("lock");
  const estate = await lockEstate(transaction, options.lockTimeout ?? 10_000);
  checkEstate(estate, plan);
  await step("take books");
  await takeBooks(transaction, plan);
  await noteBaselines(transaction, plan, { revision: estate.revision, commit: options.commit }, step);
  await step("commit");
  return { revision: estate.revision, rows: 0, earlier: null };
}

/** That other revisions came in between is no fault. That some are gone is: the same counters then mean other rows. */
function checkEstate(estate: Estate, plan: Plan): void {
  if (estate.epoch !== plan.base.epoch) {
    throw new PlanStale("The plan was made from another database, or from before this one was restored.");
  }
  if (estate.revision < plan.base.revision) {
    throw new PlanStale(
      `The plan was made from revision ${plan.base.revision}; the estate is back at ${estate.revision}.`,
    );
  }
}

/** Whether the note was kept does not matter: who finds none looks again. */
function lostNote(cause: OutcomeUnknown): DatabaseUnreachable {
  return new DatabaseUnreachable("The connection to the database was lost. No row was to be changed.", {
    cause,
  });
}

function countRows({ scopes }: Plan): number {
  return scopes.reduce((sum, { changes }) => sum + changes.length, 0);
}

function isRetried(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === sqlState.deadlock || state === sqlState.serializationFailure;
}

async function readable(
  database: Database,
  plan: Plan,
  { error, lockTimeout }: { readonly error: unknown; readonly lockTimeout: number },
): Promise<unknown> {
  if (error instanceof DatabaseError) return error;
  if (sqlStateOf(error) === sqlState.lockNotAvailable) {
    return new LockHeld(`Somebody else holds the lock: ${await whoHoldsTheLock(database)}.`);
  }
  if (isRetried(error)) return new LockHeld(`Other writers were in the way ${tries} times. Try again.`);
  const refused = refusedIn(error);
  if (!refused) return error;
  const stale = await staleInstead(database, plan);
  return stale ?? refusal(refused, await locateRefused(database, plan, { ...refused, lockTimeout }));
}

/** A constraint may be broken only because somebody was quicker with the same: then that is what to say. */
async function staleInstead(database: Database, plan: Plan): Promise<PlanStale | null> {
  try {
    await inTransaction(database, "apply", { readOnly: true }, (transaction) =>
      checkStale(transaction, plan),
    );
    return null;
  } catch (error) {
    if (error instanceof PlanStale) return error;
    throw error;
  }
}
