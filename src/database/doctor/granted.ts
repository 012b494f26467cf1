import { roleSql } from "../isolate/plan-isolation.ts";
import type { Finding } from "./finding.ts";
import { oidsOf, type Patient } from "./patient.ts";

interface Grant {
  readonly name: string;
  readonly isPartition: boolean;
  readonly grantee: string;
  readonly canTruncate: boolean;
}

/** Rights that policies have no say over: on a partition, past its table's, and TRUNCATE, past any. */
export async function checkGrants({ transaction, tables }: Patient): Promise<readonly Finding[]> {
  const { rows } = await transaction.query<Grant>(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relispartition as "isPartition",
       coalesce(pg_get_userbyid(nullif(rights.grantee, 0)), 'public') as grantee,
       bool_or(rights.privilege = 'TRUNCATE') as "canTruncate"
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     cross join lateral (
       select grantee, privilege_type as privilege from aclexplode(c.relacl)
       union all
       select held.grantee, held.privilege_type
       from pg_attribute a cross join lateral aclexplode(a.attacl) held where a.attrelid = c.oid
     ) rights
     where c.oid = any($1::oid[]) and rights.grantee <> c.relowner
     group by 1, 2, 3
     order by 1, 3`,
    [oidsOf(tables)],
  );
  return [
    ...rows.filter(({ isPartition }) => isPartition).map(onPartition),
    ...rows.filter(isTruncatable).map(truncate),
  ];
}

/** What is taken away on a partition altogether needs no second finding. */
function isTruncatable({ canTruncate, isPartition }: Grant): boolean {
  return canTruncate && !isPartition;
}

function onPartition({ name, grantee }: Grant): Finding {
  return {
    id: "partition-granted",
    severity: "error",
    where: `${name} to ${grantee}`,
    risk: "A partition that is named itself is read without the policies of its table.",
    mend: "Take the rights away: the table's are enough.",
    sql: [`revoke all on ${name} from ${roleSql(grantee)}`],
  };
}

function truncate({ name, grantee }: Grant): Finding {
  return {
    id: "truncate-granted",
    severity: "error",
    where: `${name} to ${grantee}`,
    risk: "TRUNCATE asks no policy: it removes the rows of every org.",
    mend: "Take the right away.",
    sql: [`revoke truncate on ${name} from ${roleSql(grantee)}`],
  };
}
