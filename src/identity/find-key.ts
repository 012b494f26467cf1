import type { Database } from "../database/connect.ts";
import { inTransaction } from "../database/in-transaction.ts";

/** A key that works, as it stands now. */
export interface LiveKey {
  readonly id: string;
  /** The one org that it is for; null for a key of a service, which is for all. */
  readonly orgId: string | null;
  /** That org's slug. */
  readonly org: string | null;
  readonly name: string;
  /** What the manifest lets it do; `*:*` for a key of a service. */
  readonly scopes: readonly string[];
  /** Milliseconds since 1970; null where it ends by no time. */
  readonly expires: number | null;
}

/** A key that was minted once. */
export interface FoundKey {
  /** It works: not revoked, not expired, still declared, and its org is there. */
  readonly lives: boolean;
  /** As it would be if it worked. */
  readonly key: LiveKey;
}

/** The key behind a digest (see `digestOf`); null where none was ever minted. */
export function findKey(database: Database, digest: Buffer): Promise<FoundKey | null> {
  return find(database, byDigest, digest);
}

/** The key of an id, on the same terms: for tokens, which name it. */
export function findKeyById(database: Database, id: string): Promise<FoundKey | null> {
  return find(database, byId, id);
}

async function find(database: Database, sql: string, wanted: Buffer | string): Promise<FoundKey | null> {
  return inTransaction(database, "runtime", { readOnly: true }, async (transaction) => {
    const { rows } = await transaction.query<FoundRow>(sql, [wanted]);
    const [found] = rows;
    if (!found) throw new Error("The statement that finds a key answers one row, always.");
    const { is_known: isKnown, lives, org_id: orgId, org, id, name, scopes, expires } = found;
    const key = { id, orgId, org, name, scopes, expires: expires === null ? null : Number(expires) };
    return isKnown ? { lives, key } : null;
  });
}

interface FoundRow {
  readonly is_known: boolean;
  readonly lives: boolean;
  readonly id: string;
  readonly org_id: string | null;
  readonly org: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires: number | null;
}

const byDigest = finding("digest = $1::bytea");
const byId = finding("id = $1::uuid");

/**
 * One row for whatever was asked: where nothing is found, a key that never was goes the same way through the same
 * indexes, so that the time taken does not tell known from unknown. `*:*` is how the catalog says every permission.
 */
function finding(isWanted: string): string {
  const never = "'00000000-0000-0000-0000-000000000000'::uuid";
  return `
    with found as (
      select * from (
        select true as is_known, org_id, id, name, expires, revoked_at from org_key where ${isWanted}
        union all
        select true, null, id, name, expires, revoked_at from service_key where ${isWanted}
        union all
        select false, ${never}, ${never}, 'never', null, null
      ) candidates
      -- Sorted, so that all three are looked for, whichever is found.
      order by is_known desc limit 1
    )
    select
      f.is_known,
      f.is_known and f.revoked_at is null and (f.org_id is null or d.id is not null)
        and (ends.at is null or ends.at > clock_timestamp()) as lives,
      f.org_id, f.id, f.name,
      -- As long for nobody's key as for a key.
      case when f.is_known then o.slug else 'nobody' end as org,
      case when f.org_id is null then '{*:*}' else coalesce(d.scopes, '{nothing:nothing}') end as scopes,
      (extract(epoch from ends.at) * 1000)::float8 as expires
    from found f
    left join org o on o.org_id = f.org_id
    left join api_key d on d.org_id = f.org_id and d.name = f.name
    cross join lateral (select least(f.expires, d.expires) as at) ends`;
}
