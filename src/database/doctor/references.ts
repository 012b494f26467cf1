import pg from "pg";
import type { Finding } from "./finding.ts";
import { pairSql } from "./keys.ts";
import { oidsOf, type Patient } from "./patient.ts";

/** A foreign key, as far as it is made again. */
export interface Reference {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetRelation: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly isDeferrable: boolean;
  readonly isDeferred: boolean;
}

/** Foreign keys between tables of tenants that do not say that both rows are of one org. The server checks them past all policies. */
export async function checkReferences({ transaction, tables }: Patient): Promise<readonly Finding[]> {
  const { rows } = await transaction.query<Reference>(
    `${selectReferences()}
     join pg_attribute own on own.attrelid = c.oid and own.attname = 'org_id'
     join pg_attribute theirs on theirs.attrelid = t.oid and theirs.attname = 'org_id' and not theirs.attisdropped
     where k.contype = 'f' and k.conparentid = 0 and c.oid = any($1::oid[])
       and not exists (
         select from unnest(k.conkey, k.confkey) as pair (here, there)
         where pair.here = own.attnum and pair.there = theirs.attnum
       )
     order by 1, k.conname`,
    [oidsOf(tables)],
  );
  return rows.map(finding);
}

/** Reads foreign keys `k` of tables `c` to tables `t`, with the columns that are named besides. */
export function selectReferences(besides = ""): string {
  return `select format('%I.%I', n.nspname, c.relname) as table, k.conname as name,
       ${columnsOf("k.conrelid", "k.conkey")} as columns,
       format('%I.%I', tn.nspname, t.relname) as target, t.relname as "targetRelation",
       ${columnsOf("k.confrelid", "k.confkey")} as "targetColumns",
       k.confdeltype as "onDelete", k.confupdtype as "onUpdate", k.condeferrable as "isDeferrable", k.condeferred as "isDeferred"${besides}
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid
     join pg_namespace n on n.oid = c.relnamespace
     join pg_class t on t.oid = k.confrelid
     join pg_namespace tn on tn.oid = t.relnamespace`;
}

function columnsOf(table: string, numbers: string): string {
  return `(
    select json_agg(quote_ident(a.attname) order by place)
    from unnest(${numbers}) with ordinality col (number, place)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = col.number
  )`;
}

function finding(reference: Reference): Finding {
  const { table, columns, target } = reference;
  return {
    id: "reference-without-org",
    severity: "error",
    where: `${table} (${columns.join(", ")})`,
    risk: `A row can refer to a row of another org in ${target}, and whoever tries ids learns which exist.`,
    mend: "Let the foreign key have org_id on both sides.",
    sql: tiedByOrg(reference),
  };
}

/** Makes a foreign key again, with org_id on both sides. */
export function tiedByOrg(reference: Reference): readonly string[] {
  const { table, name, columns, target, targetRelation, targetColumns } = reference;
  const constraint = pg.escapeIdentifier(name);
  return [
    pairSql(target, targetRelation, targetColumns),
    `alter table ${table} drop constraint ${constraint}`,
    `alter table ${table} add constraint ${constraint} foreign key (org_id, ${columns.join(", ")}) references ${target} (org_id, ${targetColumns.join(", ")})${actions(reference)}`,
  ];
}

const actionOf: { readonly [letter: string]: string } = {
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

/** What is set to null is what referred; the row stays with its org. */
function actions({ columns, onDelete, onUpdate, isDeferrable, isDeferred }: Reference): string {
  const isSet = onDelete === "n" || onDelete === "d";
  return [
    actionOf[onDelete] ? ` on delete ${actionOf[onDelete]}${isSet ? ` (${columns.join(", ")})` : ""}` : "",
    actionOf[onUpdate] ? ` on update ${actionOf[onUpdate]}` : "",
    isDeferrable ? ` deferrable${isDeferred ? " initially deferred" : ""}` : "",
  ].join("");
}
