import type { Finding } from "./finding.ts";
import { oidsOf, type Patient } from "./patient.ts";

interface Open {
  readonly name: string;
  readonly right: "pg_read_all_data" | "pg_write_all_data";
  readonly members: readonly string[];
}

/**
 * Partitions without row-level security of their own, where somebody has rights on every table there is. Nothing can be
 * taken away on the partition then; but its own policies are asked where it is named itself, and only there.
 */
export async function checkAllData({ transaction, tables }: Patient): Promise<readonly Finding[]> {
  const partitions = tables.filter(({ isPartition, isEnabled }) => isPartition && !isEnabled);
  const { rows } = await transaction.query<Open>(
    `select format('%I.%I', n.nspname, c.relname) as name, everything.rolname as right, (
       select json_agg(r.rolname order by r.rolname)
       from pg_roles r
       where ${hasAll} and r.rolcanlogin
     ) as members
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_roles everything on everything.rolname in ('pg_read_all_data', 'pg_write_all_data')
     where c.oid = any($1::oid[]) and exists (select from pg_roles r where ${hasAll} and r.rolcanlogin)
     order by 1, 2`,
    [oidsOf(partitions)],
  );
  return rows.map(finding);
}

/** Whom no policy holds anyway is told of by a check of its own. */
const hasAll = "pg_has_role(r.oid, everything.oid, 'member') and not r.rolsuper and not r.rolbypassrls";

function finding({ name, right, members }: Open): Finding {
  return {
    id: "partition-granted",
    severity: "error",
    where: `${name} to ${right}`,
    risk: `A partition that is named itself is ${right === "pg_read_all_data" ? "read" : "written"} without the policies of its table; ${members.join(", ")} may name any.`,
    mend: "Turn its own row-level security on, without policies: by way of its table it stays as it is.",
    sql: [`alter table ${name} enable row level security`],
  };
}
