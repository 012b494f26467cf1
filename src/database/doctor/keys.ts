import pg from "pg";
import type { Finding } from "./finding.ts";
import { oidsOf, type Patient } from "./patient.ts";

interface UniqueIndex {
  readonly table: string;
  readonly schema: string;
  readonly relation: string;
  readonly index: string;
  readonly constraint: "p" | "u" | null;
  /** Its columns and expressions, as SQL writes them. */
  readonly columns: readonly string[];
  readonly predicate: string | null;
  /** Whether nobody chooses its values: uuids, and numbers that the database counts. */
  readonly isSurrogate: boolean;
  /** Whether there is the same index that begins with org_id. */
  readonly hasPair: boolean;
}

/** Keys of the app's tables that hold across orgs. The app writes none of the estate's tables, so that it learns nothing from theirs. */
export async function checkKeys({ transaction, tables }: Patient): Promise<readonly Finding[]> {
  const own = tables.filter(({ isEstates, isPartition }) => !isEstates && !isPartition);
  const { rows } = await transaction.query<UniqueIndex>(
    `select format('%I.%I', n.nspname, c.relname) as table, quote_ident(n.nspname) as schema, c.relname as relation,
       ic.relname as index, k.contype as constraint,
       (select json_agg(pg_get_indexdef(i.indexrelid, place::int, true) order by place) from generate_series(1, i.indnkeyatts) place) as columns,
       pg_get_expr(i.indpred, i.indrelid) as predicate,
       not exists (
         select from unnest(i.indkey[:i.indnkeyatts - 1]) col
         left join pg_attribute a on a.attrelid = c.oid and a.attnum = col and col <> 0
         left join pg_attrdef def on def.adrelid = c.oid and def.adnum = col
         where not coalesce(a.atttypid = 'uuid'::regtype or a.attidentity <> '' or pg_get_expr(def.adbin, c.oid) like 'nextval(%', false)
       ) as "isSurrogate",
       exists (
         select from pg_index pair
         where pair.indrelid = c.oid and pair.indisunique and pair.indisvalid and pair.indpred is null and pair.indexprs is null
           and org.attnum = any(pair.indkey[:pair.indnkeyatts - 1])
           and (select array_agg(one order by one) from unnest(pair.indkey[:pair.indnkeyatts - 1]) one where one <> org.attnum)
             = (select array_agg(one order by one) from unnest(i.indkey[:i.indnkeyatts - 1]) one)
       ) as "hasPair"
     from pg_index i
     join pg_class c on c.oid = i.indrelid
     join pg_namespace n on n.oid = c.relnamespace
     join pg_class ic on ic.oid = i.indexrelid
     join pg_attribute org on org.attrelid = c.oid and org.attname = 'org_id'
     left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u') and k.conrelid = c.oid
     where c.oid = any($1::oid[]) and i.indisunique and not org.attnum = any(i.indkey[:i.indnkeyatts - 1])
     order by 1, ic.relname`,
    [oidsOf(own)],
  );
  return rows.flatMap((index) =>
    index.isSurrogate ? (index.hasPair ? [] : [withoutPair(index)]) : [acrossOrgs(index)],
  );
}

function withoutPair({ table, relation, columns }: UniqueIndex): Finding {
  return {
    id: "key-without-org",
    severity: "warning",
    where: `${table} (${columns.join(", ")})`,
    risk: "Nothing can refer to a row together with its org, so that a foreign key to it accepts a row of another org.",
    mend: "Have a key with org_id beside it, for foreign keys to refer to.",
    sql: [pairSql(table, relation, columns)],
  };
}

/** The unique index that a foreign key with org_id refers to; the same statement wherever it is needed. */
export function pairSql(table: string, relation: string, columns: readonly string[]): string {
  const name = pg.escapeIdentifier(
    `${relation.slice(0, 40)}_org_${columns.map((column) => column.replaceAll('"', "")).join("_")}`.slice(
      0,
      60,
    ),
  );
  return `create unique index if not exists ${name} on ${table} (org_id, ${columns.join(", ")})`;
}

function acrossOrgs({ table, schema, index, constraint, columns, predicate }: UniqueIndex): Finding {
  const name = pg.escapeIdentifier(index);
  const wanted = `(org_id, ${columns.join(", ")})`;
  return {
    id: "unique-across-orgs",
    severity: "warning",
    where: `${table} (${columns.join(", ")})`,
    risk: "Whoever tries a value learns whether another org has it.",
    mend: "Let the key begin with org_id.",
    sql: constraint
      ? [
          `alter table ${table} drop constraint ${name}`,
          `alter table ${table} add constraint ${name} ${constraint === "p" ? "primary key" : "unique"} ${wanted}`,
        ]
      : [
          `drop index ${schema}.${name}`,
          `create unique index ${name} on ${table} ${wanted}${predicate === null ? "" : ` where ${predicate}`}`,
        ],
  };
}
