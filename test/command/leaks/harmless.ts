import { ofOrg } from "./leak.ts";

/** What only looks like one of them. */
export const harmless: { readonly [look: string]: string } = {
  "table-that-tenants-refer-to":
    "create table app.unit (code text primary key, base text references app.unit); alter table app.invoice add column unit text references app.unit",
  "policies-without-nullif": policyOfInvoice("org_id = (select current_setting('tenantry.org_id')::uuid)"),
  "policies-that-compare-texts": policyOfInvoice("current_setting('tenantry.org_id', true) = org_id::text"),
  "policies-that-restrict-further": `create policy further on app.invoice as restrictive using (id > 0 or ${ofOrg})`,
  "exclusion-within-an-org":
    "alter table app.invoice add exclude using btree (note with =, org_id with =) where (id > 0)",
  "rule-that-notes-something-else": `create table app.log (id int);
    create rule log as on insert to app.invoice do also insert into app.log values (new.id);
    create rule kept as on delete to app.invoice do instead nothing`,
  "definer-trigger-that-nobody-executes": `create function app.note() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as 'begin return null; end';
    revoke execute on function app.note() from public;
    create trigger note after insert on app.invoice execute function app.note()`,
  "role-that-bypasses-and-nobody-becomes": "grant usage on schema app to clerk; alter role clerk bypassrls",
  "login-that-bypasses-and-may-use-nothing": "alter role boss login bypassrls",
  "login-that-makes-tables":
    "grant all on schema app to boss; alter role boss login; alter table app.invoice owner to boss",
  "login-that-deploys": `grant owner_role, apply_role, runtime_role, app_role to boss; grant select on app.invoice to app_role;
    grant all on schema app to boss; alter role boss login; alter table app.invoice owner to boss`,
  "login-that-deploys-as-another-role": `grant owner_role, apply_role, runtime_role, clerk to boss;
    grant all on schema app to clerk; alter role boss login; alter table app.invoice owner to clerk; alter table app.event owner to clerk`,
  "closed-partition-of-who-reads-all":
    "alter table app.event_2026 enable row level security; alter role boss login; grant pg_read_all_data to boss",
};

function policyOfInvoice(expression: string): string {
  return `drop policy one_org on app.invoice; create policy mine on app.invoice as restrictive using (${expression})`;
}
