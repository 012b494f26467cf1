import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";

/** Whether there is any key that was minted and has not ended. Throws as `inTransaction` does. */
export async function isAnyKeyMinted(database: Database): Promise<boolean> {
  const live = "revoked_at is null and (expires is null or expires > clock_timestamp())";
  return inTransaction(database, "runtime", { readOnly: true }, async (transaction) => {
    const { rows } = await transaction.query<{ is_any: boolean }>(
      `select exists (select from service_key where ${live}) or exists (select from org_key where ${live}) as is_any`,
    );
    return rows[0]?.is_any === true;
  });
}
