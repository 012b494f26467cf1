import pg from "pg";
import type { Finding } from "./finding.ts";
import { oidsOf, type Patient } from "./patient.ts";

interface Exclusion {
  readonly table: string;
  readonly name: string;
  /** What it compares, as SQL writes it. */
  readonly columns: readonly string[];
  readonly method: string;
  /** What makes it, from EXCLUDE on. */
  readonly definition: string;
}

/** Exclusion constraints that hold across orgs, on partitions too: they tell as much as a key does. */
export async function checkExclusions({ transaction, tables }: Patient): Promise<readonly Finding[]> {
  const own = tables.filter(({ isEstates }) => !isEstates);
  const { rows } = await transaction.query<Exclusion>(
    `select format('%I.%I', n.nspname, c.relname) as table, k.conname as name, method.amname as method,
       (select json_agg(pg_get_indexdef(i.indexrelid, place::int, true) order by place) from generate_series(1, i.indnkeyatts) place) as columns,
       pg_get_constraintdef(k.oid) as definition
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid
     join pg_namespace n on n.oid = c.relnamespace
     join pg_index i on i.indexrelid = k.conindid
     join pg_class ic on ic.oid = i.indexrelid
     join pg_am method on method.oid = ic.relam
     where c.oid = any($1::oid[]) and k.contype = 'x' and k.conparentid = 0 and not exists (
       select from unnest(i.indkey[:i.indnkeyatts - 1]::int2[], k.conexclop) compared (number, operator)
       join pg_attribute a on a.attrelid = c.oid and a.attnum = compared.number
       join pg_operator o on o.oid = compared.operator
       where a.attname = 'org_id' and o.oprname = '='
     )
     order by 1, k.conname`,
    [oidsOf(own)],
  );
  return rows.map(finding);
}

function finding({ table, name, columns, method, definition }: Exclusion): Finding {
  const constraint = pg.escapeIdentifier(name);
  return {
    id: "unique-across-orgs",
    severity: "warning",
    where: `${table} (${columns.join(", ")})`,
    risk: "Whoever tries a value learns whether it meets one of another org.",
    mend: "Let the constraint compare org_id, too.",
    sql: [
      // A GiST index knows uuids by way of this.
      ...(method === "gist" ? ["create extension if not exists btree_gist"] : []),
      `alter table ${table} drop constraint ${constraint}`,
      `alter table ${table} add constraint ${constraint} ${definition.replace("(", "(org_id with =, ")}`,
    ],
  };
}
