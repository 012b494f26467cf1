create schema app;

create table app.orders (
  -- The org that the transaction is set to: the app's own statements need not name it.
  org_id uuid not null default nullif(current_setting('tenantry.org_id', true), '')::uuid,
  id uuid not null default gen_random_uuid(),
  item text not null check (item <> ''),
  payment text not null check (payment in ('card', 'invoice')),
  placed_by text not null,
  placed_at timestamptz not null default now(),
  shipped_at timestamptz,
  primary key (org_id, id)
);

-- As `npx tenantry isolate app.orders` prints it.
alter table app.orders enable row level security;
alter table app.orders force row level security;
create policy every_org on app.orders to public using (true) with check (true);
create policy one_org on app.orders as restrictive to public using (org_id = (select nullif(current_setting('tenantry.org_id', true), '')::uuid));

grant usage on schema app to tenantry_app;
grant select, insert, update on app.orders to tenantry_app;
