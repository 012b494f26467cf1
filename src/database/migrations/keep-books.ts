/**
 * Has the database keep its books of a table: three statement-level triggers, because a transition table
 * allows one event each, and one that blocks TRUNCATE, which no transition table would show.
 * They fire always, so that `session_replication_role` does not go past them.
 */
export function keepBooks(table: string, tier: "catalog" | "org"): string {
  const call = `for each statement execute function tenantry.keep_${tier}_books()`;
  return `
create trigger books_insert after insert on tenantry.${table} referencing new table as after_rows ${call};
create trigger books_update after update on tenantry.${table} referencing old table as before_rows new table as after_rows ${call};
create trigger books_delete after delete on tenantry.${table} referencing old table as before_rows ${call};
alter table tenantry.${table} enable always trigger books_insert;
alter table tenantry.${table} enable always trigger books_update;
alter table tenantry.${table} enable always trigger books_delete;
${refuseTruncate(table)}`;
}

export function refuseTruncate(table: string): string {
  return `
create trigger no_truncate before truncate on tenantry.${table}
  for each statement execute function tenantry.refuse_truncate();
alter table tenantry.${table} enable always trigger no_truncate;
`;
}
