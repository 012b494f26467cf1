import type { Transaction } from "../transaction.ts";

/** A table of the app's, as far as it matters to whom its rows show. */
export interface AppTable {
  readonly oid: string;
  /** With its schema, as SQL writes it. */
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  /** What lets its owner go past every policy, forced or not. */
  readonly ownerPower: "superuser" | "bypassrls" | null;
  readonly isPartitioned: boolean;
  /** The table that it is a partition of. */
  readonly partitionOf: string | null;
  /** The type of its column org_id; null where it has none. */
  readonly orgId: string | null;
  readonly isOptional: boolean;
  readonly isEnabled: boolean;
  readonly isForced: boolean;
  readonly policies: readonly Policy[];
  /** Whether org_id refers to the estate's orgs. */
  readonly hasReference: boolean;
  /** Whether its owner may make it refer to them. */
  readonly mayRefer: boolean;
  /** Whether an index begins with org_id. */
  readonly hasIndex: boolean;
  /** Rights on its partitions, past which its own policies are not asked. */
  readonly partitionGrants: readonly { readonly partition: string; readonly grantee: string }[];
}

export interface Policy {
  readonly name: string;
  readonly isPermissive: boolean;
  /** `*` for all, else r, a, w or d. */
  readonly command: string;
  /** `public` for everybody. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
}

/** Reads tables by their oids, in that order. The search path must be `pg_catalog` alone, so that names come with their schema. */
export async function readTables(
  transaction: Transaction,
  oids: readonly string[],
  estate: string,
): Promise<readonly AppTable[]> {
  const { rows } = await transaction.query<AppTable>(
    `select
       c.oid::text, format('%I.%I', n.nspname, c.relname) as name, n.nspname as schema,
       pg_get_userbyid(c.relowner) as owner,
       case when owner.rolsuper then 'superuser' when owner.rolbypassrls then 'bypassrls' end as "ownerPower",
       c.relkind = 'p' as "isPartitioned",
       case when c.relispartition then (
         select format('%I.%I', pn.nspname, p.relname)
         from pg_class p join pg_namespace pn on pn.oid = p.relnamespace where p.oid = pg_partition_root(c.oid)
       ) end as "partitionOf",
       format_type(a.atttypid, a.atttypmod) as "orgId", not coalesce(a.attnotnull, true) as "isOptional",
       c.relrowsecurity as "isEnabled", c.relforcerowsecurity as "isForced",
       ${policies} as policies,
       exists (
         select from pg_constraint k
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid = org.oid and k.conkey = array[a.attnum]
       ) as "hasReference",
       coalesce(
         has_schema_privilege(c.relowner, org.relnamespace, 'usage')
         and has_column_privilege(c.relowner, org.oid, 'org_id', 'references'), false
       ) as "mayRefer",
       exists (
         select from pg_index i
         where i.indrelid = c.oid and i.indisvalid and i.indpred is null and i.indkey[0] = a.attnum
       ) as "hasIndex",
       ${partitionGrants} as "partitionGrants"
     from unnest($1::oid[]) with ordinality wanted (oid, place)
     join pg_class c on c.oid = wanted.oid
     join pg_namespace n on n.oid = c.relnamespace
     left join pg_roles owner on owner.oid = c.relowner
     left join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
     left join pg_class org on org.relname = 'org' and org.relnamespace = (
       select oid from pg_namespace where nspname = $2
     )
     order by place`,
    [oids, estate],
  );
  return rows;
}

const policies = `(
  select coalesce(json_agg(json_build_object(
    'name', p.polname, 'isPermissive', p.polpermissive, 'command', p.polcmd,
    'roles', (
      select json_agg(case role when 0 then 'public' else pg_get_userbyid(role) end order by role)
      from unnest(p.polroles) role
    ),
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)
  ) order by p.polname), '[]')
  from pg_policy p where p.polrelid = c.oid
)`;

const partitionGrants = `(
  select coalesce(json_agg(json_build_object('partition', partition, 'grantee', grantee) order by partition, grantee), '[]')
  from (
    select distinct format('%I.%I', cn.nspname, child.relname) as partition,
      case rights.grantee when 0 then 'public' else pg_get_userbyid(rights.grantee) end as grantee
    from pg_partition_tree(c.oid) tree
    join pg_class child on child.oid = tree.relid
    join pg_namespace cn on cn.oid = child.relnamespace
    cross join lateral (
      select grantee from aclexplode(child.relacl)
      union all
      select held.grantee from pg_attribute col cross join lateral aclexplode(col.attacl) held
      where col.attrelid = child.oid
    ) rights
    where tree.level > 0 and rights.grantee <> child.relowner
  ) granted
)`;
