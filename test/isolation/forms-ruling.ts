import { form, type HostileForm } from "./hostile-form.ts";

const table = { on: ["table"] as const };
const everything = { on: ["table", "view", "sequence"] as const };

/** Ways to change the rules instead of breaking them. */
export const formsOfRuling: readonly HostileForm[] = [
  form("alter", "refused", "alter table :t disable row level security", table),
  form("alter", "refused", "alter table :t no force row level security", table),
  form("alter", "refused", "alter table :t disable trigger all", table),
  form("alter", "refused", "alter table :t owner to current_user", table),
  form("alter", "refused", "alter table :t add column stolen text", table),
  form("alter", "refused", "alter table :t drop column :c cascade", table),
  form("alter", "refused", "alter table :t set schema pg_temp", table),
  form("alter", "refused", "alter table :t rename to stolen", everything),
  form("alter", "refused", "alter view :t reset (security_invoker)", { on: ["view"] }),
  form("alter", "refused", "alter schema :schema owner to current_user"),
  form("policy", "refused", "drop policy one_org on :t", { ...table, fails: ["42704"] }),
  form("policy", "refused", "create policy mine on :t using (true)", table),
  form("policy", "refused", "alter policy every_org on :t using (true)", table),
  form("drop", "refused", "drop table :t cascade", table),
  form("drop", "refused", "drop schema :schema cascade"),
  form(
    "trigger",
    "refused",
    "create trigger stolen before update on :t for each row execute function suppress_redundant_updates_trigger()",
    table,
  ),
  form("index", "refused", "create index on :t ((1 / (length(:c::text) - 1)))", table),
  form("index", "refused", "reindex table :t", table),
  form("index", "refused", "cluster :t", { on: ["table"], fails: ["42704"] }),
  form("statistics", "refused", "create statistics stolen on (:c::text || 'x'), (:c::text || 'y') from :t", {
    on: ["table"],
    fails: ["42704"],
  }),
  form("comment", "refused", "comment on column :t.:c is 'stolen'"),
  form("inherit", "refused", "create temp table child () inherits (:t)", { on: ["table"] }),
  form(
    "grant",
    "none",
    "grant all on :t to public; select has_table_privilege('pg_monitor', ':t', 'insert')",
    everything,
  ),
  form(
    "grant",
    "none",
    "grant select on :t to current_user with grant option; select has_table_privilege(current_user, ':t', 'select with grant option')",
    everything,
  ),
  form("grant", "words", "revoke all on :t from public", everything),

  form("role", "refused", "grant :role_owner to current_user"),
  form("role", "refused", "alter role current_user bypassrls"),
  form("role", "refused", "alter role current_user superuser"),
  form("role", "refused", "create role stolen_role superuser"),
  form("role", "refused", "alter default privileges for role :role_owner grant all on tables to public"),
  form("settings", "refused", "set local row_security = off; select * from :u where org_id = :other"),
  form("settings", "refused", "set local session_replication_role = replica; select * from :t"),
  form("settings", "none", "set local tenantry.role = 'owner'; select * from :t where org_id = :other"),
  form(
    "settings",
    "none",
    "set local search_path = pg_temp; create temp table org (org_id uuid); select * from :t where org_id = :other",
  ),
  form("settings", "refused", "alter system set row_security = off", { fails: ["25001"] }),
  form("settings", "words", "alter role current_user set tenantry.org_id = ':other_id'"),
  form("settings", "refused", "alter role :role_owner set tenantry.org_id = ':other_id'"),
  form("extension", "refused", "create extension file_fdw", { fails: ["0A000", "58P01"] }),
  form("extension", "refused", "create function pg_temp.c() returns int language c as 'x', 'y'"),
  form("files", "refused", "select pg_read_file('PG_VERSION')"),
  form("files", "refused", "select * from pg_ls_dir('.')"),
  form("files", "refused", "select lo_import('/etc/passwd')"),
  form("trigger function", "refused", "select :function()", { fails: ["0A000"] }),
  form(
    "trigger function",
    "refused",
    "create temp table own (org_id uuid, id uuid); create trigger borrowed after insert on own for each statement execute function :function()",
  ),
  form(
    "trigger function",
    "refused",
    "create or replace function :function() returns trigger language plpgsql as 'begin return null; end'",
  ),

  form("sequence", "refused", "select * from :t", { on: ["sequence"] }),
  form("sequence", "refused", "select nextval(':t')", { on: ["sequence"] }),
  form("sequence", "refused", "select setval(':t', 1)", { on: ["sequence"] }),
  form("sequence", "refused", "select currval(':t')", { on: ["sequence"], fails: ["55000"] }),
  form("sequence", "none", "select pg_sequence_last_value(':t')", { on: ["sequence"] }),
  form("sequence", "refused", "alter sequence :t restart", { on: ["sequence"] }),
];

/**
 * Ways to become somebody else. Only a login that was granted one role alone makes a boundary of it: a superuser who
 * dropped to a role takes it up again, and the embedded database has no other login.
 */
export const formsOfBecoming: readonly HostileForm[] = [
  form("set role", "refused", "set role :role_owner; select * from :t"),
  form("set role", "refused", "set local role :role_elsewhere; select * from :t"),
  form("set role", "refused", "select set_config('role', ':role_elsewhere_name', true); select * from :t"),
  form("set role", "refused", "set role pg_read_all_data; select * from :t"),
  form("set role", "none", "reset role; select * from :t where org_id = :other"),
  form("set role", "none", "set role none; select * from :t where org_id is distinct from :own"),
  form("session authorization", "refused", "set session authorization :role_owner; select * from :t"),
  form("session authorization", "refused", "set local session authorization :superuser; select * from :t"),
  form(
    "session authorization",
    "none",
    "reset session authorization; select * from :t where org_id = :other",
  ),
];
