import { findKeys } from "../database/find-keys.ts";
import type { Transaction } from "../database/transaction.ts";
import { type KeysAfter, keysAfter, keysTouched } from "../plan/keys-after.ts";
import type { Plan } from "../plan/plan.ts";

/** What becomes of keys, in the whole estate: one that was never minted is told of until it is. */
export async function keysOf(transaction: Transaction, { scopes, now }: Plan): Promise<KeysAfter | null> {
  return keysAfter(await findKeys(transaction, keysTouched(scopes), now), scopes, now);
}
