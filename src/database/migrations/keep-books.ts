/**
 * Has the database keep its books of a table: three statement-level triggers, because a transition table
 * allows one event each, and one that blocks TRUNCATE, which no transition table would show.
 * They fire always, so that `session_replication_role` does not go past them.
 */
export function keepBooks(schema: string, table: string, tier: "catalog" | "org"): string {
  const call = `for each statement execute function ${schema}.keep_${tier}_books()`;
  return `
create trigger books_insert after insert on ${schema}.${table} referencing new table as after_rows ${call};
create trigger books_update after update on ${schema}.${table} referencing old table as before_rows new table as after_rows ${call};
create trigger books_delete after delete on ${schema}.${table} referencing old table as before_rows ${call};
alter table ${schema}.${table} enable always trigger books_insert;
alter table ${schema}.${table} enable always trigger books_update;
alter table ${schema}.${table} enable always trigger books_delete;
${refuseTruncate(schema, table)}`;
}

export function refuseTruncate(schema: string, table: string): string {
  return `
create trigger no_truncate before truncate on ${schema}.${table}
  for each statement execute function ${schema}.refuse_truncate();
alter table ${schema}.${table} enable always trigger no_truncate;
`;
}
