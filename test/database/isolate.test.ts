import { beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { type IsolateOptions, isolateTables } from "../../src/database/isolate/isolate-tables.ts";
import { eachEngine, urls } from "../engines.ts";

const acme = "0a000000-0000-4000-8000-000000000001";
const globex = "0a000000-0000-4000-8000-000000000002";

eachEngine("isolate", (open, engine) => {
  let database: Database;
  let clerk: string;
  beforeEach(async () => {
    database = await open();
    clerk = `${database.rolePrefix}clerk`;
    await run(`
      drop schema if exists app cascade;
      create schema app;
      do $$ begin create role ${clerk} nologin; exception when duplicate_object then null; end $$;
      create table app.invoice (org_id uuid not null, id int, note text, primary key (org_id, id));
      insert into app.invoice values ('${acme}', 1, 'of acme'), ('${globex}', 1, 'of globex');
      grant usage on schema app to ${clerk};
      grant select, insert, update, delete on app.invoice to ${clerk};
    `);
  });

  const run = (sql: string) => database.pool.query(sql);
  const isolate = (names: readonly string[], options: Partial<IsolateOptions> = {}) =>
    isolateTables(database, names, { reference: false, apply: true, ...options });
  const stepsOf = async (name: string, options: Partial<IsolateOptions> = {}) =>
    (await isolate([name], { apply: false, ...options }))[0]?.steps;

  /** What the clerk gets of a statement while the setting is as said. */
  async function asClerk(orgId: string | null, sql: string) {
    const client = await database.pool.connect();
    try {
      await client.query(`begin; set local role ${clerk}`);
      if (orgId !== null) await client.query("select set_config('tenantry.org_id', $1, true)", [orgId]);
      return (await client.query(sql)).rows;
    } finally {
      await client.query("rollback");
      client.release();
    }
  }

  it("shows one org's rows, and none without saying whose", async () => {
    await isolate(["app.invoice"]);
    const all = "select note from app.invoice";
    expect(await asClerk(acme, all)).toEqual([{ note: "of acme" }]);
    expect(await asClerk(globex, all)).toEqual([{ note: "of globex" }]);
    expect(await asClerk(null, all)).toEqual([]);
    expect(await asClerk("", all)).toEqual([]);
    await expect(asClerk("garbage", all)).rejects.toMatchObject({ code: "22P02" });
    expect(await asClerk(acme, "update app.invoice set note = 'x' returning org_id")).toEqual([
      { org_id: acme },
    ]);
  });

  it.each([
    ["write into another org", `insert into app.invoice values ('${globex}', 9)`],
    ["move a row to another org", `update app.invoice set org_id = '${globex}', id = 9`],
  ])("does not let an org %s", async (_, sql) => {
    await isolate(["app.invoice"]);
    await expect(asClerk(acme, sql)).rejects.toMatchObject({ code: "42501" });
  });

  it("prints what it would do, does it once, and then finds nothing to do", async () => {
    const planned = await isolate(["app.invoice"], { apply: false });
    expect(planned[0]?.steps.map(({ sql }) => sql)).toEqual([
      "alter table app.invoice enable row level security",
      "alter table app.invoice force row level security",
      "create policy every_org on app.invoice to public using (true) with check (true)",
      "create policy one_org on app.invoice as restrictive to public using (org_id = (select nullif(current_setting('tenantry.org_id', true), '')::uuid))",
    ]);
    const { rows } = await run("select from pg_policy where polrelid = 'app.invoice'::regclass");
    expect(rows).toEqual([]);
    expect(await isolate(["app.invoice"])).toEqual(planned);
    expect(await stepsOf("app.invoice")).toEqual([]);
    expect((await isolate(["app.invoice"]))[0]?.steps).toEqual([]);
  });

  it.each([
    ["another expression", "as restrictive using (org_id is not null)", "using ((org_id IS NOT NULL))"],
    [
      "another setting",
      "as restrictive using (org_id = (select nullif(current_setting('app.org', true), '')::uuid))",
      "'app.org'",
    ],
    [
      "a check that lets everything be written",
      "as restrictive using (org_id = (select nullif(current_setting('tenantry.org_id', true), '')::uuid)) with check (true)",
      "with check (true)",
    ],
    [
      "permissive",
      "using (org_id = (select nullif(current_setting('tenantry.org_id', true), '')::uuid))",
      "create policy one_org on app.invoice to public",
    ],
    [
      "for one command only",
      "as restrictive for select using (org_id = (select nullif(current_setting('tenantry.org_id', true), '')::uuid))",
      "for select",
    ],
  ])("replaces a policy of its name that differs, and shows it: %s", async (_, definition, shown) => {
    await isolate(["app.invoice"]);
    await run(`drop policy one_org on app.invoice; create policy one_org on app.invoice ${definition}`);
    const steps = await stepsOf("app.invoice");
    expect(steps?.[0]).toMatchObject({ sql: "drop policy one_org on app.invoice" });
    expect(steps?.[0]?.replaces).toContain(shown);
    await isolate(["app.invoice"]);
    expect(await stepsOf("app.invoice")).toEqual([]);
    expect(await asClerk(acme, "select note from app.invoice")).toEqual([{ note: "of acme" }]);
  });

  it("turns on again what was turned off", async () => {
    await isolate(["app.invoice"]);
    await run("alter table app.invoice no force row level security, disable row level security");
    expect((await stepsOf("app.invoice"))?.map(({ sql }) => sql)).toEqual([
      "alter table app.invoice enable row level security",
      "alter table app.invoice force row level security",
    ]);
  });

  it("shows no more within an org than the table's own policies do", async () => {
    await run("create policy own on app.invoice using (note like '%acme')");
    const [isolation] = await isolate(["app.invoice"]);
    expect(isolation?.notes.join(" ")).toContain("come into force: own");
    expect(await asClerk(acme, "select note from app.invoice")).toEqual([{ note: "of acme" }]);
    expect(await asClerk(globex, "select note from app.invoice")).toEqual([]);
  });

  it("makes policies for one role, and others then see nothing", async () => {
    await run("create policy reports on app.invoice to current_user using (true)");
    await isolate(["app.invoice"], { role: clerk });
    expect(await asClerk(acme, "select note from app.invoice")).toEqual([{ note: "of acme" }]);
    expect(await stepsOf("app.invoice", { role: clerk })).toEqual([]);
    const { rows } = await run(
      "select distinct polroles::regrole[]::text as roles from pg_policy where polname <> 'reports' and polrelid = 'app.invoice'::regclass",
    );
    expect(rows).toEqual([{ roles: `{${clerk}}` }]);
  });

  it("does not show a role of a group more than the group's policy does", async () => {
    const group = `${database.rolePrefix}clerks`;
    await run(`do $$ begin create role ${group} nologin; exception when duplicate_object then null; end $$;
      grant ${group} to ${clerk};
      create policy own on app.invoice to ${group} using (note like '%acme')`);
    await isolate(["app.invoice"], { role: clerk });
    expect(await asClerk(globex, "select note from app.invoice")).toEqual([]);
    await run(`revoke ${group} from ${clerk}`);
  });

  it("takes names as SQL writes them, and as tables are called", async () => {
    await run(`create table app."Line ""Item""" (org_id uuid); create table app."Order" (org_id uuid)`);
    const named = await isolate(["APP.Invoice", `app."Line ""Item"""`, "app.Order", "app.invoice"]);
    expect(named.map(({ table }) => table)).toEqual(["app.invoice", `app."Line ""Item"""`, `app."Order"`]);
    expect(await stepsOf(`app."Line ""Item"""`)).toEqual([]);
    await run(`create table public.h_receipt (org_id uuid)`);
    try {
      expect((await isolate(["h_receipt"]))[0]?.table).toBe("public.h_receipt");
    } finally {
      await run("drop table public.h_receipt");
    }
  });

  it("isolates a partitioned table, and takes away what is granted on its partitions", async () => {
    await run(`
      create table app.event (org_id uuid not null, at date, what text) partition by range (at);
      create table app.event_2026 partition of app.event for values from ('2026-01-01') to ('2027-01-01');
      insert into app.event values ('${acme}', '2026-02-01', 'a'), ('${globex}', '2026-02-01', 'g');
      grant select on app.event, app.event_2026 to ${clerk}; grant update (what) on app.event_2026 to public`);
    const [isolation] = await isolate(["app.event"]);
    expect(isolation?.steps.map(({ sql }) => sql)).toEqual(
      expect.arrayContaining([
        "revoke all on app.event_2026 from public",
        `revoke all on app.event_2026 from "${clerk}"`,
      ]),
    );
    expect(await asClerk(acme, "select what from app.event")).toEqual([{ what: "a" }]);
    await expect(asClerk(acme, "select from app.event_2026")).rejects.toMatchObject({ code: "42501" });
    expect(await stepsOf("app.event")).toEqual([]);
    expect(isolation?.suggestions.map(({ sql }) => sql)).toContain("create index on app.event (org_id)");
    await expect(isolate(["app.event_2026"])).rejects.toThrow("is a partition. Isolate app.event.");
  });

  it("suggests what is of use: a reference, an index, and that org_id is always there", async () => {
    await run("create table app.draft (org_id uuid)");
    const [draft] = await isolate(["app.draft"], { apply: false });
    expect(draft?.suggestions.map(({ sql }) => sql)).toEqual([
      "alter table app.draft alter column org_id set not null",
      "alter table app.draft add foreign key (org_id) references tenantry.org (org_id)",
      "create index concurrently on app.draft (org_id)",
    ]);
    await run("create index on app.draft (org_id); alter table app.draft alter column org_id set not null");
    await isolate(["app.draft"], { reference: true });
    const again = await isolate(["app.draft"], { reference: true });
    expect(again).toMatchObject([{ steps: [], suggestions: [] }]);
    await expect(run(`insert into app.draft values ('${acme}')`)).rejects.toMatchObject({ code: "23503" });
  });

  it("grants the owner what a reference needs", async () => {
    await run(`create table app.draft (org_id uuid); alter table app.draft owner to ${clerk}`);
    const steps = await stepsOf("app.draft", { reference: true });
    expect(steps?.map(({ sql }) => sql)).toContain(`grant references (org_id) on tenantry.org to "${clerk}"`);
    await isolate(["app.draft"], { reference: true });
    await run("drop table app.draft");
    await run(
      `revoke references (org_id) on tenantry.org from ${clerk}; revoke usage on schema tenantry from ${clerk}`,
    );
  });

  it("does nothing at all where rows name no org that exists", async () => {
    await expect(isolate(["app.invoice"], { reference: true })).rejects.toThrow(
      /rows whose org_id is of no org/,
    );
    expect(await stepsOf("app.invoice")).toHaveLength(4);
  });

  it("does all tables or none", async () => {
    await run("create table app.other (org_id uuid)");
    await expect(isolate(["app.other", "app.invoice"], { reference: true })).rejects.toThrow();
    expect(await stepsOf("app.other")).toHaveLength(4);
  });

  it.runIf(engine === "postgres")("is refused in words to whom the table does not belong", async () => {
    const other = `${database.rolePrefix}other`;
    await run(`create role ${other} login; grant usage on schema app to ${other}`);
    const url = Object.assign(new URL(urls.get(database) as string), { username: other });
    const theirs = await openDatabase({ url: url.href, rolePrefix: database.rolePrefix });
    try {
      const attempt = isolateTables(theirs, ["app.invoice"], { reference: false, apply: true });
      await expect(attempt).rejects.toMatchObject({
        code: "cannot-isolate",
        message: expect.stringMatching(
          /^The database refused it: .*invoice\. Have it run by the table's owner/,
        ),
      });
    } finally {
      await theirs.close();
      await run(`drop owned by ${other}; drop role ${other}`);
    }
  });

  describe("says what cannot be isolated, and what to do", () => {
    beforeEach(async () => {
      await run(`
        create view app.latest as select * from app.invoice;
        create materialized view app.summary as select org_id, count(*) from app.invoice group by 1;
        create table app.currency (code text);
        create table app.legacy (org_id text)`);
    });

    it.each([
      ["app.latest", /is a view\. .*alter view app\.latest set \(security_invoker = true\)/],
      [
        "app.summary",
        /is a materialized view, and row-level security cannot hold one\. Isolate the tables that it reads/,
      ],
      ["app.currency", /has no column org_id\. .*alter table app\.currency add column org_id uuid$/],
      [
        "app.legacy",
        /org_id of app\.legacy is text, and has to be uuid.*alter column org_id type uuid using org_id::text::uuid$/,
      ],
      ["app.invoise", /^There is no table app\.invoise\. Did you mean app\.invoice\?$/],
      ["invoice", /^There is no table invoice\. Did you mean app\.invoice\?$/],
      ["app.nothing_like_it", /^There is no table app\.nothing_like_it\.$/],
      ["a.b.c", /is no name of a table/],
      ["", /is no name of a table/],
      [`app."x`, /is no name of a table/],
      ["tenantry.org", /^tenantry\.org is the estate's own/],
    ])("%s", async (name, message) => {
      await expect(isolate([name])).rejects.toMatchObject({
        code: "cannot-isolate",
        message: expect.stringMatching(message),
      });
    });

    it("all at once, and changes nothing", async () => {
      const attempt = isolate(["app.currency", "app.legacy", "app.invoice"]);
      await expect(attempt).rejects.toThrow(/app\.currency .*\n.*app\.legacy/);
      expect(await stepsOf("app.invoice")).toHaveLength(4);
    });

    it("a role that is not there", async () => {
      const attempt = isolate(["app.invoice"], { role: `${clerk}x` });
      await expect(attempt).rejects.toThrow(`There is no role ${clerk}x. Did you mean ${clerk}?`);
    });
  });
});
