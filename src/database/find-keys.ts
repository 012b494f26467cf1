import type { KeyFound } from "../plan/keys-after.ts";
import type { Transaction } from "./transaction.ts";

/**
 * The keys of the whole estate that are declared and not minted, and besides what is known of those that are named. A
 * declaration that has ended, and one of an org that is put away, waits for no key.
 */
export async function findKeys(
  transaction: Transaction,
  touched: readonly { readonly orgId: string; readonly name: string }[],
  now: string,
): Promise<readonly KeyFound[]> {
  const { rows } = await transaction.query<{ found: readonly KeyFound[] | null }>(
    `with minted as (
       select distinct org_id, name from org_key
       where revoked_at is null and (expires is null or expires > $3::timestamptz)
     ), touched as (
       select * from unnest($1::uuid[], $2::text[]) as touched (org_id, name)
     ), known as (
       select d.org_id, d.name, true as is_declared, m.org_id is not null as is_minted
       from api_key d left join minted m using (org_id, name)
       where m.org_id is null and (d.expires is null or d.expires > $3::timestamptz)
         or (d.org_id, d.name) in (select org_id, name from touched)
       union all
       select m.org_id, m.name, false, true from minted m join touched using (org_id, name)
       where not exists (select from api_key d where d.org_id = m.org_id and d.name = m.name)
     )
     select json_agg(json_build_object('orgId', org_id, 'org', o.slug, 'name', known.name,
       'isDeclared', is_declared, 'isMinted', is_minted)) as found
     from known join org o using (org_id)
     where is_minted or coalesce(o.status, 'active') not in ('archived', 'deleted')`,
    [touched.map(({ orgId }) => orgId), touched.map(({ name }) => name), now],
  );
  return rows[0]?.found ?? [];
}
