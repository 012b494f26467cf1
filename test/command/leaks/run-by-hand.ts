import type { Database } from "../../../src/database/connect.ts";
import { ofOrg } from "./leak.ts";

const app = `
  drop schema if exists app cascade;
  create schema app;
  do $$ begin
    if exists (select from pg_roles where rolname = 'clerk') then drop owned by clerk; drop role clerk; end if;
    if exists (select from pg_roles where rolname = 'boss') then drop owned by boss; drop role boss; end if;
  end $$;
  create role clerk nologin;
  create role boss nologin;
  create table app.invoice (org_id uuid not null, id int, note text, primary key (org_id, id));
  create table app.event (org_id uuid not null, id int) partition by list (id);
  create table app.event_2026 partition of app.event default;
  create table app.currency (code text primary key);
  grant select on app.invoice, app.event to clerk;
  isolated app.invoice; isolated app.event`;

/** Makes an app's tables and roles as they should be. */
export async function makeApp(database: Database): Promise<void> {
  await runByHand(database, app);
}

/** Runs SQL by hand; roles are this run's alone, and `isolated` stands for what `tenantry isolate` makes. */
export async function runByHand(database: Database, sql: string): Promise<void> {
  const names = sql
    .replace(/\b(owner|apply|runtime|app)_role\b/g, `${database.rolePrefix}$1`)
    .replace(/\b(clerk|boss)\b/g, `${database.rolePrefix}doctor_$1`)
    .replace(
      /isolated (\S+?)(?=;|$)/gm,
      `alter table $1 enable row level security; alter table $1 force row level security;
         create policy every_org on $1 using (true); create policy one_org on $1 as restrictive using (${ofOrg})`,
    );
  await database.pool.query(names);
}
