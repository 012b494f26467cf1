import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";
import { limitLocks, lockHolders, rowsOf } from "./lock-holders.ts";
import { type Estate, readEstate } from "./read-estate.ts";
import type { Transaction } from "./transaction.ts";

/** Waits for the estate's one lock, and for every later lock, at most so many milliseconds. */
export async function lockEstate(transaction: Transaction, timeout: number): Promise<Estate> {
  await limitLocks(transaction, timeout);
  return readEstate(transaction, "locked");
}

/** Who is at work in the estate, as far as this login may see. */
export async function whoHoldsTheLock(database: Database): Promise<string> {
  return inTransaction(database, "apply", { readOnly: true }, (transaction) =>
    lockHolders(transaction, rowsOf("estate")),
  );
}
