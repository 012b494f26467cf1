import { beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { examine } from "../../src/database/doctor/examine.ts";
import type { Finding } from "../../src/database/doctor/finding.ts";
import { leaksOf } from "../../src/database/doctor/server-version.ts";
import { isolateTables } from "../../src/database/isolate/isolate-tables.ts";
import { migrate } from "../../src/database/migrate.ts";
import { eachEngine, urls } from "../engines.ts";

/** The restrictive policy as an app might write it itself. */
const ofOrg = "org_id = nullif(current_setting('tenantry.org_id', true), '')::uuid";

/** A leak, made by hand, and what it is called; `clerk` and `boss` are roles that the app has. */
interface Leak {
  readonly id: string;
  readonly make: string;
  readonly where: string | RegExp;
}

const leaks: { readonly [fault: string]: Leak } = {
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
  "runtime-owns-a-table": {
    id: "works-as-owner",
    make: "grant all on schema app to runtime_role; alter table app.invoice owner to runtime_role",
    where: /^app\.invoice by .*runtime$/,
  },
};

/** What only looks like one of them. */
const harmless: { readonly [look: string]: string } = {
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
  "closed-partition-of-who-reads-all":
    "alter table app.event_2026 enable row level security; alter role boss login; grant pg_read_all_data to boss",
};

function policyOfInvoice(expression: string): string {
  return `drop policy one_org on app.invoice; create policy mine on app.invoice as restrictive using (${expression})`;
}

eachEngine("doctor", (open, engine) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await run(`
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
      isolated app.invoice; isolated app.event`);
  });

  /** Runs SQL by hand; roles are this run's alone, and `isolated` stands for what `tenantry isolate` makes. */
  async function run(sql: string) {
    const names = sql
      .replace(/\b(apply|runtime|app)_role\b/g, `${database.rolePrefix}$1`)
      .replace(/\b(clerk|boss)\b/g, `${database.rolePrefix}doctor_$1`)
      .replace(
        /isolated (\S+?)(?=;|$)/gm,
        `alter table $1 enable row level security; alter table $1 force row level security;
         create policy every_org on $1 using (true); create policy one_org on $1 as restrictive using (${ofOrg})`,
      );
    await database.pool.query(names);
  }

  /** Without what any login of the tests is told. */
  async function findings(within: readonly string[] = []): Promise<readonly Finding[]> {
    const { findings: all, unseen } = await examine(database, within);
    expect(unseen).toEqual([]);
    return all.filter(({ id, severity }) => severity !== "note" && id !== "login-bypasses");
  }

  const idsOf = (found: readonly Finding[]) => found.map(({ id, where }) => `${id} ${where}`);

  it("finds nothing in an estate and an app's tables as they should be", async () => {
    expect(idsOf(await findings())).toEqual([]);
  });

  it.each(Object.entries(leaks))("finds %s, and not once it was mended", async (_, leak) => {
    await run(leak.make);
    const found = await findings();
    const meant = found.filter(({ id }) => id === leak.id);
    expect(idsOf(found)).toEqual(idsOf(meant));
    expect(meant.length).toBeGreaterThan(0);
    for (const { where, risk, mend, sql } of meant) {
      expect(where).toMatch(leak.where instanceof RegExp ? leak.where : exactly(leak.where));
      expect(
        [risk, mend].every((text) => /^[A-Z].*[.:]$/.test(text)),
        `${risk} | ${mend}`,
      ).toBe(true);
      expect(sql.length).toBeGreaterThan(0);
      for (const statement of sql) await database.pool.query(statement);
    }
    expect(idsOf(await findings())).toEqual([]);
  });

  it.each(Object.entries(harmless))("finds nothing in a %s", async (_, make) => {
    await run(make);
    expect(idsOf(await findings())).toEqual([]);
  });

  it("fills org_id from what a row refers to", async () => {
    const { make } = leaks["table-without-org-id"] as Leak;
    await run(make);
    for (const { sql } of await findings()) {
      for (const statement of sql) await database.pool.query(statement);
    }
    const { rows } = await database.pool.query(
      "select tag from app.tag join app.ticket t using (org_id) where t.id = ticket_id",
    );
    expect(rows).toEqual([{ tag: "late" }]);
  });

  it("mends several leaks of one table by what it prints, in its order", async () => {
    await run(`
      create table app.ticket (org_id uuid, id uuid primary key, name text unique, parent uuid references app.ticket);
      grant all on app.ticket to public`);
    const found = await findings();
    expect(new Set(found.map(({ id }) => id))).toEqual(
      new Set([
        "row-security-off",
        "truncate-granted",
        "reference-without-org",
        "key-without-org",
        "unique-across-orgs",
      ]),
    );
    for (const { sql } of found) for (const statement of sql) await database.pool.query(statement);
    expect(idsOf(await findings())).toEqual([]);
  });

  it("keeps what a reference did when its row goes", async () => {
    const { make } = leaks["reference-without-org"] as Leak;
    await run(make);
    for (const { sql } of await findings()) {
      for (const statement of sql) await database.pool.query(statement);
    }
    const { rows } = await database.pool.query(
      "select pg_get_constraintdef(oid) as def from pg_constraint where conrelid = 'app.answer'::regclass and contype = 'f'",
    );
    expect(rows).toEqual([
      {
        def: "FOREIGN KEY (org_id, ticket_id) REFERENCES app.ticket(org_id, id) ON DELETE SET NULL (ticket_id)",
      },
    ]);
  });

  it("says what to do about an org_id that is no uuid", async () => {
    await run("create table app.legacy (org_id text)");
    expect(await findings()).toMatchObject([
      { id: "row-security-off", mend: expect.stringMatching(/is text, and has to be uuid/), sql: [] },
    ]);
  });

  it("looks at one schema where that is asked for", async () => {
    await run(`
      create table app.draft (org_id uuid);
      drop schema if exists other cascade; create schema other; create table other.draft (org_id uuid)`);
    expect(idsOf(await findings())).toEqual(["row-security-off app.draft", "row-security-off other.draft"]);
    expect(idsOf(await findings(["app"]))).toEqual(["row-security-off app.draft"]);
    await run("drop schema other cascade");
    const { unseen } = await examine(database, ["ap"]);
    expect(unseen).toEqual(["There is no schema ap."]);
  });

  it("tells of one role that does everything as weaker", async () => {
    const single = { ...database, rolePrefix: "", roles: null };
    const { rows } = await database.pool.query(
      "select nspowner::regrole::text as owner from pg_namespace where nspname = 'tenantry'",
    );
    await database.pool.query("alter schema tenantry owner to current_user");
    try {
      const { findings: found } = await examine(single, []);
      expect(found.filter(({ id }) => id === "single-owner")).toMatchObject([{ where: "tenantry" }]);
    } finally {
      await database.pool.query(`alter schema tenantry owner to ${rows[0].owner}`);
    }
  });

  it("looks at an app's tables where there is no estate, and says so", async () => {
    const elsewhere = { ...database, schema: "elsewhere", roles: null };
    await run("create table app.draft (org_id uuid)");
    const { findings: found, unseen } = await examine(elsewhere, ["app"]);
    expect(unseen).toEqual(["The estate: there is no schema elsewhere."]);
    expect(idsOf(found)).toContain("row-security-off app.draft");
  });

  it("writes nothing", async () => {
    await run("create table app.draft (org_id uuid)");
    const image = async () =>
      (
        await database.pool.query(
          "select (select json_agg(p order by oid) from pg_policy p) as policies, (select json_agg(c.relacl order by oid) from pg_class c) as rights",
        )
      ).rows;
    const before = await image();
    await examine(database, []);
    expect(await image()).toEqual(before);
  });

  if (engine === "pglite") {
    it("notes what an embedded database is no boundary for", async () => {
      const { findings: all } = await examine(database, []);
      expect(all.filter(({ severity }) => severity !== "note")).toEqual([]);
      expect(all.map(({ id }) => id)).toContain("login-bypasses");
    });
    return;
  }

  describe("as who logs in", () => {
    const loggedIn = async (work: (theirs: Database) => Promise<void>) => {
      await run("alter role clerk login");
      const url = Object.assign(new URL(urls.get(database) as string), {
        username: `${database.rolePrefix}doctor_clerk`,
      });
      const theirs = await openDatabase({ url: url.href, rolePrefix: database.rolePrefix });
      try {
        await work(theirs);
      } finally {
        await theirs.close();
      }
    };

    it("finds a login that no policy holds, and nothing with one that they hold", async () => {
      const { findings: all } = await examine(database, []);
      expect(all.find(({ id }) => id === "login-bypasses")).toMatchObject({
        severity: "error",
        where: "postgres",
      });
      await loggedIn(async (theirs) => {
        const { findings: found, unseen, login } = await examine(theirs, []);
        expect(idsOf(found)).toEqual([expect.stringMatching(/^backups /)]);
        expect({ unseen, login }).toEqual({ unseen: [], login: `${database.rolePrefix}doctor_clerk` });
      });
    });

    it("finds a login with BYPASSRLS, and one that owns tables", async () => {
      await run("alter role clerk bypassrls");
      await loggedIn(async (theirs) => {
        const [found] = (await examine(theirs, [])).findings;
        expect(found).toMatchObject({ id: "login-bypasses" });
        for (const statement of found?.sql ?? []) await database.pool.query(statement);
        expect((await examine(theirs, [])).findings.map(({ id }) => id)).toEqual(["backups"]);
      });
      await run("alter schema app owner to clerk; alter table app.invoice owner to clerk");
      await loggedIn(async (theirs) => {
        const { findings: found } = await examine(theirs, []);
        expect(idsOf(found)).toContain(`works-as-owner app.invoice by ${database.rolePrefix}doctor_clerk`);
      });
    });

    it("finds roles that the login may become, and that no policy holds", async () => {
      await run("alter role boss bypassrls; grant boss to clerk");
      await loggedIn(async (theirs) => {
        const { findings: found } = await examine(theirs, []);
        expect(idsOf(found)).toContain(`role-bypasses ${database.rolePrefix}doctor_boss`);
      });
      await run(
        "alter role boss nobypassrls; grant usage on schema app to boss; alter table app.invoice owner to boss",
      );
      await loggedIn(async (theirs) => {
        const { findings: found } = await examine(theirs, []);
        expect(idsOf(found)).toContain(`works-as-owner app.invoice by ${database.rolePrefix}doctor_boss`);
      });
    });

    it("says what it may not look at", async () => {
      await database.pool.query("revoke select on pg_catalog.pg_db_role_setting from public");
      await loggedIn(async (theirs) => {
        const { unseen } = await examine(theirs, []);
        expect(unseen).toEqual([
          "Settings of roles and databases: permission denied for table pg_db_role_setting.",
        ]);
      });
      await database.pool.query("grant select on pg_catalog.pg_db_role_setting to public");
    });
  });

  it("finds nothing but that it is one, where one role does everything", async () => {
    const empty = await open({ empty: true });
    const url = new URL(urls.get(empty) as string);
    const login = `${empty.rolePrefix}doctor_one`;
    await empty.pool.query(
      `create role ${login} login; grant create on database ${url.pathname.slice(1)} to ${login}`,
    );
    url.username = login;
    const one = await openDatabase({ url: url.href, rolePrefix: `${login}_` });
    try {
      expect((await migrate(one)).mode).toBe("single");
      await empty.pool.query(`create schema app; create table app.invoice (org_id uuid not null, id int, primary key (org_id, id));
        grant usage on schema app to ${login}; grant select on app.invoice to ${login}`);
      await isolateTables(empty, ["app.invoice"], { reference: false, apply: true });
      expect(idsOf((await examine(one, [])).findings)).toEqual(["single-owner tenantry", "backups tenantry"]);
      // What the estate's own policies may say there is too weak for a table of the app's.
      await empty.pool.query(
        `alter policy one_org on app.invoice using (coalesce(current_setting('tenantry.role', true), '') <> 'app' or ${ofOrg})`,
      );
      expect(idsOf((await examine(one, [])).findings)).toContain("permissive-only app.invoice");
    } finally {
      await one.close();
      await empty.pool.query(`drop owned by ${login} cascade; drop role ${login}`);
    }
  });

  it("finds settings of a database, and of a role in one", async () => {
    const { rows } = await database.pool.query("select quote_ident(current_database()) as name");
    const [{ name }] = rows;
    await run(`alter database ${name} set row_security = off;
      alter role clerk in database ${name} set tenantry.org_id = 'x'`);
    const found = await findings();
    expect(found.map(({ id }) => id).sort()).toEqual(["org-id-preset", "row-security-setting"]);
    for (const { sql } of found) for (const statement of sql) await database.pool.query(statement);
    expect(await findings()).toEqual([]);
  });

  it("finds replication into the estate", async () => {
    await database.pool.query(
      "create subscription h_doctor connection 'host=127.0.0.1 port=1 dbname=none' publication none with (connect = false, slot_name = h_doctor)",
    );
    try {
      await database.pool.query(`
        begin; set local allow_system_table_mods = on;
        insert into pg_subscription_rel (srsubid, srrelid, srsubstate)
          select oid, 'tenantry.member'::regclass, 'r' from pg_subscription where subname = 'h_doctor';
        update pg_subscription set subenabled = true where subname = 'h_doctor';
        commit`);
      const [found, ...others] = await findings();
      expect(found).toMatchObject({ id: "subscription", where: `"h_doctor"` });
      expect(others).toEqual([]);
      for (const statement of found?.sql ?? []) await database.pool.query(statement);
      expect(await findings()).toEqual([]);
    } finally {
      await database.pool.query("alter subscription h_doctor disable");
      await database.pool.query("alter subscription h_doctor set (slot_name = none)");
      await database.pool.query("drop subscription h_doctor");
    }
  });
});

describe("known leaks of a server's version", () => {
  it.each([
    [
      150002,
      [
        "CVE-2023-2455",
        "CVE-2023-39418",
        "CVE-2024-4317",
        "CVE-2024-10976",
        "CVE-2025-8713",
        "CVE-2026-120154",
      ],
    ],
    [150008, ["CVE-2024-10976", "CVE-2025-8713", "CVE-2026-120154"]],
    [150013, ["CVE-2025-8713", "CVE-2026-120154"]],
    [150014, ["CVE-2026-120154"]],
    [150020, []],
    [160004, ["CVE-2024-10976", "CVE-2025-8713", "CVE-2026-120154"]],
    [170000, ["CVE-2024-10976", "CVE-2025-8713", "CVE-2026-120154"]],
    [170012, []],
    [180006, ["CVE-2026-120154"]],
    [180007, []],
    [190000, []],
  ])("%i", (version, cves) => {
    expect(leaksOf(version).map(({ where }) => where)).toEqual(cves);
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}
