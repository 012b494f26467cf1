import type { Transaction } from "../database/transaction.ts";
import { canonicalTime } from "../model/value.ts";
import { lockKeys } from "./change-keys.ts";
import type { FoundHolder } from "./key-holder.ts";

export interface LiveRow {
  readonly id: string;
  /** When it ends by a time of its own, in canonical form; null where by none. */
  readonly expires: string | null;
}

/**
 * The minted keys of a name that are neither revoked nor over, the newest first. From here to the transaction's end
 * nobody else makes or ends keys.
 */
export async function lockLiveKeys(
  transaction: Transaction,
  { orgId, name }: FoundHolder,
): Promise<readonly LiveRow[]> {
  // Waited for in a statement of its own: the next one then sees what the holder before did.
  await lockKeys(transaction, keyTable(orgId));
  const { rows } = await transaction.query<LiveRow>(
    `select id, to_json(expires)#>>'{}' as expires from ${keyTable(orgId)}
     where name = $1 and ${orgId === null ? "$2::uuid is null" : "org_id = $2"} and revoked_at is null and (expires is null or expires > clock_timestamp())
     order by created_at desc, id desc`,
    [name, orgId],
  );
  return rows.map(({ id, expires }) => ({ id, expires: expires && canonicalTime(expires) }));
}

/** Where the keys of an org, or those of services, are. */
export function keyTable(orgId: string | null): "org_key" | "service_key" {
  return orgId === null ? "service_key" : "org_key";
}
