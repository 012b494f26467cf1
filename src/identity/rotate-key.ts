import type { Database } from "../database/connect.ts";
import { changeKeys } from "./change-keys.ts";
import { findDeclared, type KeyHolder, type UndeclaredFault, type UnknownOrgFault } from "./key-holder.ts";
import { makeKeyText } from "./key-text.ts";
import { keyTable, lockLiveKeys } from "./live-keys.ts";
import type { MintedKey, MintOptions } from "./mint-key.ts";
import { writeKey } from "./write-key.ts";

export interface RotatedKey extends MintedKey {
  /** The keys of before, which end now or with the grace. */
  readonly ending: readonly string[];
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
): Promise<RotatedKey | NotMintedFault | UnknownOrgFault | UndeclaredFault> {
  return changeKeys(database, options, async (transaction) => {
    const found = await findDeclared(transaction, holder);
    if ("fault" in found) return found;
    const live = await lockLiveKeys(transaction, found);
    const [newest] = live;
    if (!newest) return { fault: "not-minted" };
    const ending = live.map(({ id }) => id);
    const end =
      grace === 0
        ? "revoked_at = clock_timestamp()"
        : // One that was to end sooner does.
          "expires = least(expires, clock_timestamp() + $2::float8 * interval '1 millisecond')";
    await transaction.query(
      `update ${keyTable(found.orgId)} set ${end} where id = any($1::uuid[])`,
      grace === 0 ? [ending] : [ending, grace],
    );
    const { text, digest } = makeKeyText();
    const ends = expires ?? (found.orgId === null ? newest.expires : null);
    return {
      id: await writeKey(transaction, found, { digest, expires: ends }),
      text,
      expires: ends,
      ending,
    };
  });
}
