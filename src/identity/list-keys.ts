import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { canonicalTime } from "../model/value.ts";
import { type UnknownOrgFault, unknownOrg } from "./key-holder.ts";

/** `live` alone works. */
export type KeyStanding = "live" | "expired" | "revoked" | "undeclared" | "not minted";

/** A key as it can be shown: there is nothing in it to keep secret. */
export interface ListedKey {
  /** The org's slug; null for a key of a service. */
  readonly org: string | null;
  readonly name: string;
  /** null where it is declared and not minted. */
  readonly id: string | null;
  readonly standing: KeyStanding;
  readonly scopes: readonly string[];
  /** In canonical form, as the next two. */
  readonly created: string | null;
  readonly expires: string | null;
  readonly revoked: string | null;
}

/**
 * The keys of an org, by its slug; those of every org and of services where none is named. With them the keys that are
 * declared and were not minted. Sorted by org, services first, then by name and from the newest on.
 */
export async function listKeys(
  database: Database,
  org?: string,
): Promise<readonly ListedKey[] | UnknownOrgFault> {
  return inTransaction(database, "apply", { readOnly: true }, async (transaction) => {
    const { rows } = await transaction.query<ListedKey>(everyKey, [org ?? null]);
    if (org !== undefined && rows.length === 0) {
      const found = await transaction.query("select from org where slug = $1", [org]);
      if (found.rowCount === 0) return unknownOrg(transaction);
    }
    return rows.map((row) => ({
      ...row,
      created: row.created && canonicalTime(row.created),
      expires: row.expires && canonicalTime(row.expires),
      revoked: row.revoked && canonicalTime(row.revoked),
    }));
  });
}

const everyKey = `
  select * from (
    select o.slug as org, coalesce(k.name, d.name) as name, k.id, coalesce(d.scopes, '{}') as scopes,
      to_json(k.created_at)#>>'{}' as created, to_json(least(k.expires, d.expires))#>>'{}' as expires,
      to_json(k.revoked_at)#>>'{}' as revoked,
      case
        when k.id is null then 'not minted'
        when k.revoked_at is not null then 'revoked'
        when least(k.expires, d.expires) <= clock_timestamp() then 'expired'
        when d.id is null then 'undeclared'
        else 'live'
      end as standing
    from org_key k full join api_key d using (org_id, name) join org o using (org_id)
    where $1::text is null or o.slug = $1
    union all
    select null, name, id, '{*:*}', to_json(created_at)#>>'{}', to_json(expires)#>>'{}', to_json(revoked_at)#>>'{}',
      case when revoked_at is not null then 'revoked' when expires <= clock_timestamp() then 'expired' else 'live' end
    from service_key where $1::text is null
  ) keys
  order by org collate "C" nulls first, name collate "C", created desc`;
