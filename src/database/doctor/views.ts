import { roleSql } from "../isolate/plan-isolation.ts";
import type { Finding } from "./finding.ts";
import { oidsOf, type Patient } from "./patient.ts";

interface ReadingView {
  readonly name: string;
  readonly owner: string;
  readonly isMaterialized: boolean;
  readonly isInvokers: boolean;
  readonly grantees: readonly string[];
}

/** The oids of tables, the query's first parameter, and of the views over them, also by way of other views. */
export const reading = `reading (oid) as (
       select unnest($1::oid[])
       union
       select rule.ev_class
       from reading
       join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = reading.oid and d.classid = 'pg_rewrite'::regclass
       join pg_rewrite rule on rule.oid = d.objid and rule.ev_type = '1'
     )`;

/** Views over tables of tenants, also by way of other views, that show what their owner sees instead of who asks. */
export async function checkViews({ transaction, tables }: Patient): Promise<readonly Finding[]> {
  const { rows } = await transaction.query<ReadingView>(
    `with recursive ${reading}
     select format('%I.%I', n.nspname, c.relname) as name, pg_get_userbyid(c.relowner) as owner, c.relkind = 'm' as "isMaterialized",
       exists (
         select from pg_options_to_table(c.reloptions) o
         where o.option_name = 'security_invoker' and o.option_value::boolean
       ) as "isInvokers",
       (
         select coalesce(json_agg(distinct coalesce(pg_get_userbyid(nullif(held.grantee, 0)), 'public')), '[]')
         from (
           select grantee from aclexplode(c.relacl)
           union all
           select r.grantee from pg_attribute a cross join lateral aclexplode(a.attacl) r where a.attrelid = c.oid
         ) held where held.grantee <> c.relowner
       ) as grantees
     from reading
     join pg_class c on c.oid = reading.oid and c.relkind in ('v', 'm')
     join pg_namespace n on n.oid = c.relnamespace
     order by 1`,
    [oidsOf(tables)],
  );
  return rows.flatMap((view) => {
    if (view.isMaterialized) return view.grantees.length > 0 ? [materialized(view)] : [];
    return view.isInvokers ? [] : [ownersView(view)];
  });
}

function ownersView({ name, owner }: ReadingView): Finding {
  return {
    id: "view-shows-owners-rows",
    severity: "error",
    where: name,
    risk: `It reads tables of tenants with the rights of ${owner}, whoever asks.`,
    mend: "Let it read with the rights of who asks; that needs rights on its tables then.",
    sql: [`alter view ${name} set (security_invoker = true)`],
  };
}

function materialized({ name, grantees }: ReadingView): Finding {
  return {
    id: "materialized-view-granted",
    severity: "error",
    where: name,
    risk: `It keeps rows of every org, no policy can hold it, and ${grantees.join(", ")} may read it.`,
    mend: "Take the rights away, or replace it by a table with org_id that is isolated.",
    sql: [`revoke all on ${name} from ${grantees.map(roleSql).join(", ")}`],
  };
}
