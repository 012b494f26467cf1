import type { Database } from "../database/connect.ts";
import { LockHeld } from "../database/database-error.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { limitLocks, lockHolders, rowsOf } from "../database/lock-holders.ts";
import { sqlState, sqlStateOf } from "../database/sql-state.ts";
import type { Transaction } from "../database/transaction.ts";

export interface ChangeOptions {
  /** For whom, as the audit will say. */
  readonly actor: string;
  /** How long to wait for each lock, in milliseconds; ten seconds where nothing is said. */
  readonly lockTimeout?: number | undefined;
}

/**
 * Makes or ends keys in one transaction. Throws `LockHeld` where somebody stays in the way, and as `inTransaction` does.
 */
export async function changeKeys<T>(
  database: Database,
  { actor, lockTimeout = 10_000 }: ChangeOptions,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await inTransaction(database, "apply", { actor }, async (transaction) => {
      await limitLocks(transaction, lockTimeout);
      return work(transaction);
    });
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === sqlState.deadlock)
      throw new LockHeld("Another writer was in the way. Try again.", { cause: error });
    if (state !== sqlState.lockNotAvailable) throw error;
    throw new LockHeld(`Somebody else holds the lock: ${await holders(database)}.`, { cause: error });
  }
}

/** An apply that takes orgs away takes their keys, too. */
function holders(database: Database): Promise<string> {
  return inTransaction(database, "apply", { readOnly: true }, (transaction) =>
    lockHolders(transaction, rowsOf("org", "org_key", "service_key", "key_state")),
  );
}

/**
 * Has nobody else make or end keys from here to the transaction's end. A trigger counts every change of a key in the one
 * row of `key_state`, also one of no row, and so takes that row's lock: unlike an advisory lock, which is anybody's, it is
 * only for who may change keys.
 */
export async function lockKeys(
  transaction: Transaction,
  table: "org_key" | "service_key" | "signing_key",
): Promise<void> {
  const column = table === "signing_key" ? "retires" : "expires";
  await transaction.query(`update ${table} set ${column} = ${column} where false`);
}
