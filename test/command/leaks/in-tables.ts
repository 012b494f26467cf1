import { type Leak, ofOrg } from "./leak.ts";

/** Tables that are not held to one org, and keys that reach across. */
export const leaksInTables: { readonly [fault: string]: Leak } = {
  "row-security-never-on": {
    id: "row-security-off",
    make: "create table app.draft (org_id uuid, note text); grant select on app.draft to clerk",
    where: "app.draft",
  },
  "row-security-switched-off": {
    id: "row-security-off",
    make: "alter table app.invoice disable row level security",
    where: "app.invoice",
  },
  "row-security-switched-off-in-the-estate": {
    id: "row-security-off",
    make: "alter table tenantry.member disable row level security",
    where: "tenantry.member",
  },
  "row-security-of-the-books-switched-off": {
    id: "row-security-off",
    make: "alter table tenantry.audit disable row level security",
    where: "tenantry.audit",
  },
  "not-forced": {
    id: "row-security-not-forced",
    make: "alter table app.invoice no force row level security",
    where: "app.invoice",
  },
  "not-forced-in-the-estate": {
    id: "row-security-not-forced",
    make: "alter table tenantry.org no force row level security",
    where: "tenantry.org",
  },
  "only-permissive": {
    id: "permissive-only",
    make: `drop policy one_org on app.invoice; drop policy every_org on app.invoice; create policy own on app.invoice using (${ofOrg})`,
    where: "app.invoice",
  },
  "restrictive-for-reading-only": {
    id: "permissive-only",
    make: `drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive for select using (${ofOrg})`,
    where: "app.invoice",
  },
  "restrictive-for-another-role": {
    id: "permissive-only",
    make: `drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive to boss using (${ofOrg})`,
    where: "app.invoice",
  },
  "restrictive-about-something-else": {
    id: "permissive-only",
    make: "drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive using (org_id is not null)",
    where: "app.invoice",
  },
  "restrictive-or-something-else": {
    id: "permissive-only",
    make: `drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive using (${ofOrg} or current_setting('app.admin', true) = 'on')`,
    where: "app.invoice",
  },
  "restrictive-that-checks-nothing-written": {
    id: "permissive-only",
    make: `drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive using (${ofOrg}) with check (true)`,
    where: "app.invoice",
  },
  "table-without-org-id": {
    id: "no-org-id",
    make: `create table app.ticket (org_id uuid not null, id uuid primary key, unique (org_id, id)); isolated app.ticket;
      create table app.tag (ticket_id uuid not null references app.ticket, tag text, currency text references app.currency);
      insert into app.ticket values (gen_random_uuid(), '0a000000-0000-4000-8000-000000000001');
      insert into app.tag values ('0a000000-0000-4000-8000-000000000001', 'late');
      grant select on app.tag to clerk`,
    where: "app.tag",
  },
  "table-with-org-id-under-another-name": {
    id: "no-org-id",
    make: "create table app.account (company uuid references tenantry.org (org_id), name text)",
    where: "app.account",
  },
  "tables-in-a-row-without-org-id": {
    id: "no-org-id",
    make: `create table app.ticket (org_id uuid not null, id uuid primary key, unique (org_id, id));
      create table app."Tag" (id uuid primary key, ticket_id uuid not null references app.ticket on delete cascade);
      create table app.shade (tag_id uuid references app."Tag", colour text); isolated app.ticket; grant select on app.shade to clerk`,
    where: /^app\.("Tag"|shade)$/,
  },
  "policy-of-a-table-without-org-id": {
    id: "no-org-id",
    make: `create table app.ticket (org_id uuid not null, id uuid primary key, unique (org_id, id));
      create table app.tag (ticket_id uuid references app.ticket); isolated app.ticket; alter table app.tag enable row level security;
      create policy as_ticket on app.tag using (exists (select from app.ticket t where t.id = ticket_id))`,
    where: "app.tag",
  },
  "restrictive-open-by-coalesce": {
    id: "policy-unjudged",
    make: "drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive using (org_id = coalesce(nullif(current_setting('tenantry.org_id', true), '')::uuid, org_id))",
    where: "app.invoice",
  },
  "restrictive-open-by-case": {
    id: "policy-unjudged",
    make: `drop policy one_org on app.invoice; create policy mine on app.invoice as restrictive using (case when coalesce(current_setting('tenantry.org_id', true), '') = '' then true else ${ofOrg} end)`,
    where: "app.invoice",
  },
  "restrictive-open-where-unknown": {
    id: "policy-unjudged",
    make: `drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive using ((${ofOrg}) is not false)`,
    where: "app.invoice",
  },
  "restrictive-by-a-setting-of-another-name": {
    id: "policy-unjudged",
    make: "drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive using (org_id = current_setting('app.org_id')::uuid)",
    where: "app.invoice",
  },
  "restrictive-unjudged-in-the-estate": {
    id: "policy-unjudged",
    make: `drop policy one_org on tenantry.member; create policy one_org on tenantry.member as restrictive to app_role using ((${ofOrg}) is not false)`,
    where: "tenantry.member",
  },
  "restrictive-of-one-role-where-roles-are-separate": {
    id: "permissive-only",
    make: `drop policy one_org on tenantry.member; create policy one_org on tenantry.member as restrictive to app_role using (coalesce(current_setting('tenantry.role', true), '') <> 'app' or ${ofOrg})`,
    where: "tenantry.member",
  },
  "restrictive-that-only-checks-what-is-written": {
    id: "permissive-only",
    make: `drop policy one_org on app.invoice; create policy one_org on app.invoice as restrictive with check (${ofOrg})`,
    where: "app.invoice",
  },
  "no-restrictive-in-the-estate": {
    id: "permissive-only",
    make: "drop policy one_org on tenantry.member",
    where: "tenantry.member",
  },
  "key-alone": {
    id: "key-without-org",
    make: "create table app.ticket (org_id uuid not null, id uuid primary key); isolated app.ticket",
    where: "app.ticket (id)",
  },
  "counted-key-alone": {
    id: "key-without-org",
    make: "create table app.ticket (org_id uuid not null, id bigint generated always as identity primary key); isolated app.ticket",
    where: "app.ticket (id)",
  },
  "unique-name": {
    id: "unique-across-orgs",
    make: "alter table app.invoice add constraint invoice_note unique (note)",
    where: "app.invoice (note)",
  },
  "unique-index-over-an-expression": {
    id: "unique-across-orgs",
    make: `create unique index "Odd name" on app.invoice (lower(note)) where id > 0`,
    where: "app.invoice (lower(note))",
  },
  "primary-key-of-names": {
    id: "unique-across-orgs",
    make: "create table app.page (org_id uuid not null, slug text primary key); isolated app.page",
    where: "app.page (slug)",
  },
  "exclusion-across-orgs": {
    id: "unique-across-orgs",
    make: "alter table app.invoice add constraint one_note exclude using btree (note with =) where (id > 0) deferrable",
    where: "app.invoice (note)",
  },
  "exclusion-of-a-partition-across-orgs": {
    id: "unique-across-orgs",
    make: "alter table app.event_2026 add exclude using btree (id with =)",
    where: "app.event_2026 (id)",
  },
  "reference-without-org": {
    id: "reference-without-org",
    make: `create table app.ticket (org_id uuid not null, id uuid primary key, unique (org_id, id));
      create table app.answer (org_id uuid not null, ticket_id uuid references app.ticket (id) on delete set null);
      isolated app.ticket; isolated app.answer`,
    where: "app.answer (ticket_id)",
  },
};
