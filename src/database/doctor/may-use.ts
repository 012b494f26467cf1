/** As SQL: tables among those that the role `r` may use, in whatever way it came by that. The table is `c`. */
export function mayUse(tables: string): string {
  return `
    select from pg_class c
    where c.oid = any(${tables}::oid[]) and has_schema_privilege(r.oid, c.relnamespace, 'usage') and (
      has_table_privilege(r.oid, c.oid, 'select, insert, update, delete')
      or has_any_column_privilege(r.oid, c.oid, 'select, insert, update')
    )`;
}
