import type { Database } from "../../src/database/connect.ts";

/** So many orgs, `org-1` and on, each with some members; written by hand, which is quicker than an apply. */
export async function fill(database: Database, orgs: number, members = 2): Promise<void> {
  await database.pool.query(`
    insert into tenantry.org (org_id, id, slug, name)
      select id, id, 'org-' || i, 'name 0' from (select gen_random_uuid() as id, i from generate_series(1, ${orgs}) i) made;
    insert into tenantry.member (org_id, key, email)
      select org_id, key, key from tenantry.org, generate_series(1, ${members}) i,
        lateral (select 'user-' || i || '@' || slug || '.example' as key) named;`);
}

/** Gives an org another name, as somebody with psql does. */
export async function rename({ pool }: Pick<Database, "pool">, slug: string, name: string): Promise<void> {
  await pool.query("update tenantry.org set name = $1 where slug = $2", [name, slug]);
}

/** The same under a number of another cluster's past, as after a restore: only who reads everything finds it. */
export async function renameUnseen(
  { pool }: Pick<Database, "pool">,
  slug: string,
  name: string,
): Promise<void> {
  await pool.query(`
    begin;
    update tenantry.org set name = '${name}' where slug = '${slug}';
    set constraints all immediate;
    update tenantry.change_set set xid = '5';
    commit`);
}
