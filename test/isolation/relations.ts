import pg from "pg";
import type { Database } from "../../src/database/connect.ts";

export type RelationKind = "table" | "view" | "sequence";

export interface Relation {
  readonly name: string;
  readonly kind: RelationKind;
  /** Whether its rows say which org they are of. */
  readonly hasOrg: boolean;
  /** The columns that a statement can set. */
  readonly columns: readonly Column[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly hasDefault: boolean;
}

/** Every relation of the schema that somebody could name, as the catalogue has it. */
export async function readRelations(database: Database): Promise<Relation[]> {
  const { rows } = await database.pool.query<Omit<Relation, "hasOrg">>(
    `select c.relname as name,
       case c.relkind when 'S' then 'sequence' when 'r' then 'table' when 'v' then 'view' else c.relkind::text end as kind,
       coalesce(json_agg(json_build_object(
         'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull, 'hasDefault', a.atthasdef
       ) order by a.attnum) filter (where a.attgenerated = '' and a.attidentity = ''), '[]') as columns
     from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = $1::regnamespace and c.relkind not in ('i', 'I', 'c', 't')
     group by c.oid order by c.relname`,
    [database.schema],
  );
  return rows.map((row) => ({ ...row, hasOrg: row.columns.some(({ name }) => name === "org_id") }));
}

/** The functions of the schema, as SQL names them. */
export async function readFunctions(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    "select proname as name from pg_proc where pronamespace = $1::regnamespace order by 1",
    [database.schema],
  );
  return rows.map(({ name }) => qualified(database, name));
}

export function qualified({ schema }: Database, name: string): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}
