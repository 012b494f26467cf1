import type { Database } from "../database/connect.ts";
import { changeKeys, lockKeys } from "./change-keys.ts";
import { findHolder, type KeyHolder, type UnknownOrgFault } from "./key-holder.ts";
import { keyTable, lockLiveKeys } from "./live-keys.ts";
import type { NotMintedFault } from "./rotate-key.ts";

/** Revokes every key of a name that works, whether it is declared or not; gives their ids. Throws as `changeKeys` does. */
export async function revokeKeys(
  database: Database,
  holder: KeyHolder,
  actor: string,
): Promise<readonly string[] | NotMintedFault | UnknownOrgFault> {
  return changeKeys(database, { actor }, async (transaction) => {
    const found = await findHolder(transaction, holder);
    if ("fault" in found) return found;
    const ids = (await lockLiveKeys(transaction, found)).map(({ id }) => id);
    if (ids.length === 0) return { fault: "not-minted" };
    await transaction.query(
      `update ${keyTable(found.orgId)} set revoked_at = clock_timestamp() where id = any($1::uuid[])`,
      [ids],
    );
    return ids;
  });
}

/** Revokes one key by its id, whosever it is; tells whether there was one that had not been revoked. Throws as `changeKeys` does. */
export async function revokeKeyById(database: Database, id: string, actor: string): Promise<boolean> {
  return changeKeys(database, { actor }, async (transaction) => {
    await lockKeys(transaction, "service_key");
    const { rowCount } = await transaction.query(
      `with of_org as (
         update org_key set revoked_at = clock_timestamp() where id = $1 and revoked_at is null returning id
       ), of_service as (
         update service_key set revoked_at = clock_timestamp() where id = $1 and revoked_at is null returning id
       )
       select from of_org union all select from of_service`,
      [id],
    );
    return rowCount > 0;
  });
}
