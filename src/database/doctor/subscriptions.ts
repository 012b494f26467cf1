import pg from "pg";
import type { Finding } from "./finding.ts";
import { oidsOf, type Patient } from "./patient.ts";

/** Logical replication into tables of tenants: it writes past policies, and no statement trigger tells the books. */
export async function checkSubscriptions({
  transaction,
  tables,
  estate,
}: Patient): Promise<readonly Finding[]> {
  const { rows } = await transaction.query<{ name: string; tables: readonly string[] }>(
    `select s.subname as name, json_agg(format('%I.%I', n.nspname, c.relname) order by n.nspname, c.relname) as tables
     from pg_subscription s
     join pg_subscription_rel r on r.srsubid = s.oid
     join pg_class c on c.oid = r.srrelid
     join pg_namespace n on n.oid = c.relnamespace
     where s.subenabled and s.subdbid = (select oid from pg_database where datname = current_database())
       and (c.oid = any($1::oid[]) or n.nspname = $2)
     group by s.subname order by s.subname`,
    [oidsOf(tables), estate],
  );
  return rows.map(({ name, tables: written }) => ({
    id: "subscription",
    severity: "error",
    where: pg.escapeIdentifier(name),
    risk: `Replication writes ${written.join(", ")} past every policy, and the estate's books are not told.`,
    mend: "Stop it, or take these tables out of its publication; the estate is written by `tenantry apply` alone.",
    sql: [`alter subscription ${pg.escapeIdentifier(name)} disable`],
  }));
}
