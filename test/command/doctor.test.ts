import { beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { examine } from "../../src/database/doctor/examine.ts";
import type { Finding } from "../../src/database/doctor/finding.ts";
import { isolateTables } from "../../src/database/isolate/isolate-tables.ts";
import { migrate } from "../../src/database/migrate.ts";
import { eachEngine, urls } from "../engines.ts";
import { doctorAsWhoLogsIn } from "./doctor-as-login.ts";
import { harmless } from "./leaks/harmless.ts";
import { leaksInTables } from "./leaks/in-tables.ts";
import { type Leak, ofOrg } from "./leaks/leak.ts";
import { leaksPastPolicies } from "./leaks/past-policies.ts";
import { makeApp, runByHand } from "./leaks/run-by-hand.ts";

const leaks = { ...leaksInTables, ...leaksPastPolicies };

eachEngine("doctor", (open, engine) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await makeApp(database);
  });

  const run = (sql: string) => runByHand(database, sql);

  /** Without what any login of the tests is told. */
  async function findings(within: readonly string[] = []): Promise<readonly Finding[]> {
    const { findings: all, unseen } = await examine(database, within);
    expect(unseen).toEqual([]);
    return all.filter(({ id, severity }) => severity !== "note" && id !== "login-bypasses");
  }

  /** By what is printed, in its order. */
  async function mend(found: readonly Finding[]) {
    for (const { sql } of found) for (const statement of sql) await database.pool.query(statement);
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
      if (leak.where instanceof RegExp) expect(where).toMatch(leak.where);
      else expect(where).toBe(leak.where);
      expect(
        [risk, mend].every((text) => /^[A-Z].*[.:]$/.test(text)),
        `${risk} | ${mend}`,
      ).toBe(true);
      expect(sql.length).toBeGreaterThan(0);
    }
    await mend(meant);
    expect(idsOf(await findings())).toEqual([]);
  });

  it.each(Object.entries(harmless))("finds nothing in a %s", async (_, make) => {
    await run(make);
    expect(idsOf(await findings())).toEqual([]);
  });

  it("fills org_id from what a row refers to", async () => {
    const { make } = leaks["table-without-org-id"] as Leak;
    await run(make);
    await mend(await findings());
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
    await mend(found);
    expect(idsOf(await findings())).toEqual([]);
  });

  it("keeps what a reference did when its row goes", async () => {
    const { make } = leaks["reference-without-org"] as Leak;
    await run(make);
    await mend(await findings());
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

  doctorAsWhoLogsIn(() => database, open);

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
    await mend(found);
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
