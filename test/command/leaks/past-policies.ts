import type { Leak } from "./leak.ts";

/** What goes past the policies of tables that are held, or would hide that it was done. */
export const leaksPastPolicies: { readonly [fault: string]: Leak } = {
  "partition-granted": {
    id: "partition-granted",
    make: "grant select on app.event_2026 to clerk",
    where: /^app\.event_2026 to .*clerk$/,
  },
  "column-of-a-partition-granted": {
    id: "partition-granted",
    make: "grant update (id) on app.event_2026 to public",
    where: "app.event_2026 to public",
  },
  "partition-read-by-who-reads-all": {
    id: "partition-granted",
    make: "alter role clerk login; grant pg_read_all_data to clerk",
    where: "app.event_2026 to pg_read_all_data",
  },
  "partition-written-by-who-becomes-who-writes-all": {
    id: "partition-granted",
    make: "alter role clerk login; grant boss to clerk; grant pg_write_all_data to boss",
    where: "app.event_2026 to pg_write_all_data",
  },
  "truncate-granted": {
    id: "truncate-granted",
    make: "grant truncate on app.invoice to clerk",
    where: /^app\.invoice to .*clerk$/,
  },
  "truncate-granted-in-the-estate": {
    id: "truncate-granted",
    make: "grant truncate on tenantry.audit to apply_role",
    where: /^tenantry\.audit to .*apply$/,
  },
  "definer-callable": {
    id: "definer-executable",
    make: "create function app.total() returns bigint language sql security definer set search_path = pg_catalog, pg_temp as 'select 1::bigint'",
    where: "app.total()",
  },
  "procedure-callable": {
    id: "definer-executable",
    make: "create procedure app.close(day date) language sql security definer set search_path = pg_catalog, pg_temp as 'select 1'",
    where: /^app\.close\((IN )?day date\)$/,
  },
  "books-function-callable": {
    id: "definer-executable",
    make: "grant execute on function tenantry.keep_org_books() to public",
    where: "tenantry.keep_org_books()",
  },
  "definer-search-path": {
    id: "definer-search-path",
    make: "create function app.note() returns trigger language plpgsql security definer as 'begin return null; end'; revoke execute on function app.note() from public",
    where: "app.note()",
  },
  "definer-trigger-for-anybodys-table": {
    id: "definer-executable",
    make: "create function app.note() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as 'begin return null; end'",
    where: "app.note()",
  },
  "rule-that-shows-its-owners-rows": {
    id: "rule-as-owner",
    make: `create table app.poke (one int); grant insert on app.poke to clerk;
      create rule show as on insert to app.poke do instead select * from app.invoice`,
    where: "show on app.poke",
  },
  "rule-of-an-invokers-view": {
    id: "rule-as-owner",
    make: `create view app.latest with (security_invoker = on) as select * from app.invoice;
      create rule "Show" as on delete to app.latest do instead delete from app.invoice where id = old.id`,
    where: `"Show" on app.latest`,
  },
  "rule-that-reads-its-own-table": {
    id: "rule-as-owner",
    make: `create rule show as on delete to app.invoice do instead select * from app.invoice;
      create rule nothing as on update to app.invoice do instead nothing`,
    where: "show on app.invoice",
  },
  "view-with-its-owners-rights": {
    id: "view-shows-owners-rows",
    make: "create view app.latest as select * from app.invoice",
    where: "app.latest",
  },
  "view-over-a-view": {
    id: "view-shows-owners-rows",
    make: `create view app.inner_view with (security_invoker = on) as select * from tenantry.member;
      create view app."Outer" as select 1 as one from app.inner_view`,
    where: `app."Outer"`,
  },
  "materialized-view-granted": {
    id: "materialized-view-granted",
    make: "create materialized view app.summary as select org_id, count(*) from app.invoice group by 1; grant select on app.summary to clerk",
    where: "app.summary",
  },
  "books-trigger-disabled": {
    id: "trigger-off",
    make: "alter table tenantry.member disable trigger books_update",
    where: "books_update on tenantry.member",
  },
  "all-triggers-disabled": {
    id: "trigger-off",
    make: "alter table tenantry.flag disable trigger all",
    where: /^\w+ on tenantry\.flag$/,
  },
  "books-trigger-fires-at-the-origin-only": {
    id: "trigger-off",
    make: "alter table tenantry.org enable trigger books_insert",
    where: "books_insert on tenantry.org",
  },
  "books-trigger-dropped": {
    id: "trigger-missing",
    make: "drop trigger books_delete on tenantry.member",
    where: "books_delete on tenantry.member",
  },
  "truncate-let-through": {
    id: "trigger-missing",
    make: "drop trigger no_truncate on tenantry.audit",
    where: "no_truncate on tenantry.audit",
  },
  "org-preset-for-a-role": {
    id: "org-id-preset",
    make: "alter role clerk set tenantry.org_id = '0a000000-0000-4000-8000-000000000001'",
    where: /^role .*clerk$/,
  },
  "row-security-off-for-a-role": {
    id: "row-security-setting",
    make: "alter role clerk set row_security = off",
    where: /^role .*clerk$/,
  },
  "no-triggers-for-a-role": {
    id: "replication-role-setting",
    make: "alter role clerk set session_replication_role = replica",
    where: /^role .*clerk$/,
  },
  "role-preset-for-a-role": {
    id: "role-preset",
    make: "alter role clerk set tenantry.role = 'apply'",
    where: /^role .*clerk$/,
  },
  "member-bypasses": {
    id: "role-bypasses",
    make: "alter role clerk bypassrls; grant app_role to boss; grant boss to clerk",
    where: /clerk$/,
  },
  "member-is-superuser": {
    id: "role-bypasses",
    make: "alter role clerk superuser; grant app_role to clerk",
    where: /clerk$/,
  },
  "login-bypasses-that-was-granted-a-table": {
    id: "role-bypasses",
    make: "alter role clerk login bypassrls; grant usage on schema app to clerk",
    where: /clerk$/,
  },
  "login-becomes-who-bypasses": {
    id: "role-bypasses",
    make: "alter role boss login; alter role clerk bypassrls; grant clerk to boss; grant usage on schema app to clerk",
    where: /clerk$/,
  },
  "superuser-that-was-granted-a-table": {
    id: "role-bypasses",
    make: "alter role clerk login superuser",
    where: /clerk$/,
  },
  "login-owns-a-partition": {
    id: "works-as-owner",
    make: "grant all on schema app to clerk; alter role clerk login; alter table app.event_2026 owner to clerk",
    where: /^app\.event_2026 by .*clerk$/,
  },
  "login-at-work-may-become-the-estates-owner": {
    id: "owner-role-granted",
    make: "alter role clerk login; grant usage on schema app to clerk; grant owner_role to boss; grant boss to clerk",
    where: /clerk$/,
  },
  "login-at-work-may-write-every-org": {
    id: "apply-role-granted",
    make: "alter role clerk login; grant usage on schema app to clerk; grant apply_role to clerk",
    where: /clerk$/,
  },
  "runtime-owns-a-table": {
    id: "works-as-owner",
    make: "grant all on schema app to runtime_role; alter table app.invoice owner to runtime_role",
    where: /^app\.invoice by .*runtime$/,
  },
};
