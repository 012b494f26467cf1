import { catalogId } from "../../model/state.ts";
import { catalogTables, orgTables } from "./first-tables.ts";
import { keepBooks, refuseTruncate } from "./keep-books.ts";
import type { Migration } from "./migration.ts";

/**
 * The triggers by which the database keeps its books, whoever writes. Their functions are the only ones
 * here that run with the owner's rights, and nobody can call them.
 */
export const bookKeeping: Migration = {
  number: 8,
  name: "book-keeping",
  sql: ({ schema, channel }) => `
${recordFunction(schema, "keep_org_books", (row) => `${row}.org_id`)}
${recordFunction(schema, "keep_catalog_books", () => `'${catalogId}'::uuid`)}
${closeFunction(schema, channel)}
create function ${schema}.refuse_truncate() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '${schema}.% cannot be truncated: nobody would know what was in it', tg_table_name
    using errcode = 'object_not_in_prerequisite_state', hint = 'Delete the rows.';
end $$;
revoke execute on all functions in schema ${schema} from public;

create constraint trigger close_books after insert on ${schema}.tx_pending
  deferrable initially deferred
  for each row execute function ${schema}.close_books();
alter table ${schema}.tx_pending enable always trigger close_books;

${catalogTables.map((table) => keepBooks(schema, table, "catalog")).join("")}
${orgTables.map((table) => keepBooks(schema, table, "org")).join("")}
${["estate", "revision", "org_books", "audit", "change_set"].map((table) => refuseTruncate(schema, table)).join("")}
`,
};

/**
 * Writes one audit row for every row that really changed, and notes the org as pending. Rows before and
 * after are paired by their whole key: one that moved to another org left the one and came to the other.
 */
function recordFunction(schema: string, name: string, orgOf: (row: string) => string): string {
  const recorded = `
    insert into ${schema}.audit (org_id, kind, row_id, action, before, xid, at, login, application, actor)`;
  const writer = "this_xid, this_time, session_user, this_application, this_actor";
  const pending = `
    insert into ${schema}.books_pending (xid, org_id)
    select distinct this_xid, org_id from recorded
    on conflict do nothing;`;
  return `
create function ${schema}.${name}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  this_xid constant xid8 := pg_current_xact_id();
  this_time constant timestamptz := statement_timestamp();
  this_application constant text := nullif(current_setting('application_name', true), '');
  this_actor constant text := nullif(current_setting('tenantry.actor', true), '');
begin
  if tg_op = 'INSERT' then
    with recorded as (${recorded}
      select ${orgOf("a")}, tg_table_name, a.id, 'insert', null, ${writer}
      from after_rows a
      returning org_id
    )${pending}
  elsif tg_op = 'DELETE' then
    with recorded as (${recorded}
      select ${orgOf("b")}, tg_table_name, b.id, 'delete', to_jsonb(b), ${writer}
      from before_rows b
      returning org_id
    )${pending}
  else
    with recorded as (${recorded}
      select
        coalesce(${orgOf("b")}, ${orgOf("a")}), tg_table_name, coalesce(b.id, a.id),
        case when a.id is null then 'delete' when b.id is null then 'insert' else 'update' end,
        case when b.id is not null then to_jsonb(b) end, ${writer}
      from before_rows b full join after_rows a on ${orgOf("a")} = ${orgOf("b")} and a.id = b.id
      where a is distinct from b
      returning org_id
    )${pending}
  end if;
  if found then
    insert into ${schema}.tx_pending (xid) values (this_xid) on conflict do nothing;
  end if;
  return null;
end $$;
`;
}

/**
 * Runs once a transaction, as it ends: moves the counter of each org that it changed, in the order of
 * their ids, so that two transactions cannot wait for each other. `found` above is false where the org was
 * pending already; then the trigger is pending too.
 */
function closeFunction(schema: string, channel: string): string {
  return `
create function ${schema}.close_books() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  estate ${schema}.estate;
begin
  select * into strict estate from ${schema}.estate;
  with pending as (
    delete from ${schema}.books_pending where xid = new.xid returning org_id
  ), moved as (
    insert into ${schema}.org_books as books (org_id, change_counter, xid)
    select org_id, 1, new.xid from pending order by org_id
    on conflict (org_id) do update set change_counter = books.change_counter + 1, xid = excluded.xid
      where books.xid is distinct from excluded.xid
    returning org_id, change_counter
  )
  insert into ${schema}.change_set (org_id, counter, xid, at, login, application, actor, revision)
  select
    org_id, change_counter, new.xid, clock_timestamp(), session_user,
    nullif(current_setting('application_name', true), ''),
    nullif(current_setting('tenantry.actor', true), ''),
    case when estate.xid = new.xid then estate.revision end
  from moved;
  delete from ${schema}.tx_pending where xid = new.xid;
  -- The same payload within one transaction is sent once.
  perform pg_notify(${channel}, estate.revision::text);
  return null;
end $$;
`;
}
