import type { Database } from "../database/connect.ts";
import type { Transaction } from "../database/transaction.ts";
import { canonicalTime } from "../model/value.ts";
import { changeKeys } from "./change-keys.ts";
import { type DeclaredHolder, findDeclared, type KeyHolder } from "./key-holder.ts";
import { makeKeyText } from "./key-text.ts";
import { keyTable, lockLiveKeys } from "./live-keys.ts";
import type { HolderFault, MintedKey, MintOptions } from "./mint-key.ts";
import { writeKey } from "./write-key.ts";

export interface RotatedKey extends MintedKey {
  /** The keys of before, which end now or with the grace. */
  readonly ending: readonly string[];
  /** When the last of them ends, in canonical form; null: they are revoked. */
  readonly endingBy: string | null;
}

/** No key of that name works. */
export interface NotMintedFault {
  readonly fault: "not-minted";
}

export interface RotateOptions extends MintOptions {
  /** How long the keys of before live on, in milliseconds; with 0 they are revoked. */
  readonly grace: number;
}

/**
 * Mints another key of a name, and has those of before end. A service's new key ends when its last one would have,
 * unless another time is given: nobody's key lasts longer because it was rotated. Throws as `changeKeys` does.
 */
export async function rotateKey(
  database: Database,
  holder: KeyHolder,
  { expires, grace, ...options }: RotateOptions,
): Promise<RotatedKey | NotMintedFault | HolderFault> {
  return changeKeys(database, options, async (transaction) => {
    const found = await findDeclared(transaction, holder);
    if ("fault" in found) return found;
    const live = await lockLiveKeys(transaction, found);
    const [newest] = live;
    if (!newest) return { fault: "not-minted" };
    const ending = live.map(({ id }) => id);
    const endingBy = await endKeys(transaction, found, { ending, grace });
    const { text, digest } = makeKeyText();
    const ends = expires ?? (found.orgId === null ? newest.expires : null);
    const id = await writeKey(transaction, found, { digest, expires: ends });
    return { id, text, expires: ends ?? found.ends, ending, endingBy };
  });
}

/** Has keys end with the grace, and those that were to end sooner then; gives when the last one does. */
async function endKeys(
  transaction: Transaction,
  { orgId, ends }: DeclaredHolder,
  { ending, grace }: { readonly ending: readonly string[]; readonly grace: number },
): Promise<string | null> {
  const table = keyTable(orgId);
  if (grace === 0) {
    await transaction.query(`update ${table} set revoked_at = clock_timestamp() where id = any($1::uuid[])`, [
      ending,
    ]);
    return null;
  }
  const { rows } = await transaction.query<{ at: string }>(
    `with ending as (
       update ${table} set expires = least(expires, clock_timestamp() + $2::float8 * interval '1 millisecond')
       where id = any($1::uuid[]) returning expires
     )
     select to_json(least(max(expires), $3::timestamptz))#>>'{}' as at from ending`,
    [ending, grace, ends],
  );
  const [last] = rows;
  if (!last) throw new Error("Keys were found and did not end.");
  return canonicalTime(last.at);
}
