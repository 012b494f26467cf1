import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type OrgClient, withOrg } from "../../src/client/with-org.ts";
import type { Database } from "../../src/database/connect.ts";
import { isolateTables } from "../../src/database/isolate/isolate-tables.ts";
import { apply, whole } from "../database/whole-estate.ts";
import { eachEngine, urls } from "../engines.ts";

const acme = "0a000000-0000-4000-8000-000000000001";
const globex = "0a000000-0000-4000-8000-000000000002";

eachEngine("withOrg", (open, engine) => {
  let database: Database;
  let pool: pg.Pool;
  let role: string;

  beforeEach(async () => {
    database = await open();
    role = `${database.rolePrefix}app`;
    await database.pool.query(`
      drop schema if exists app cascade;
      create schema app;
      create table app.note (org_id uuid not null, id int, text text, primary key (org_id, id));
      create table app.tag (org_id uuid, id int, unique (org_id, id) deferrable initially deferred);
      insert into app.note values ('${acme}', 1, 'of acme'), ('${globex}', 1, 'of globex');
      grant usage on schema app to ${role};
      grant select, insert, update, delete on app.note, app.tag to ${role}`);
    await isolateTables(database, ["app.note", "app.tag"], { reference: false, apply: true });
    pool =
      engine === "postgres"
        ? new pg.Pool({ connectionString: urls.get(database) as string, max: 2 })
        : database.pool;
  });

  afterEach(async () => {
    if (engine === "postgres") await pool.end();
  });

  const texts = async (client: OrgClient) =>
    (await client.query<{ text: string }>("select text from app.note order by id")).rows.map(
      ({ text }) => text,
    );
  const asApp = <T>(org: string, work: (client: OrgClient) => Promise<T>) =>
    withOrg(pool, org, work, { role });

  /** What whoever gets a connection next meets on it. */
  async function met() {
    const { rows } = await pool.query(
      "select nullif(current_setting('tenantry.org_id', true), '') as org, current_user = session_user as own, (select count(*)::int from app.note) as notes",
    );
    return rows[0];
  }

  it("shows one org's rows, and keeps what was written", async () => {
    expect(await asApp(acme, texts)).toEqual(["of acme"]);
    await asApp(globex, (client) => client.query("insert into app.note values ($1, 2, 'more')", [globex]));
    expect(await asApp(globex, texts)).toEqual(["of globex", "more"]);
    expect(await asApp(acme.toUpperCase(), texts)).toEqual(["of acme"]);
    expect(await met()).toEqual({ org: null, own: true, notes: 3 });
  });

  it("keeps many orgs apart over two connections", async () => {
    const orgs = Array.from(
      { length: 60 },
      (_, n) => `0b000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    );
    await Promise.all(
      orgs.map((org, n) =>
        asApp(org, async (client) => {
          await client.query("insert into app.note values ($1, $2, $3)", [org, n, `of ${n}`]);
          if (n % 7 === 3) throw new Error(`no ${n}`);
          expect(await texts(client)).toEqual([`of ${n}`]);
        }).catch((error: Error) => expect(error.message).toBe(`no ${n}`)),
      ),
    );
    for (const [n, org] of orgs.entries()) {
      expect(await asApp(org, texts)).toEqual(n % 7 === 3 ? [] : [`of ${n}`]);
    }
  });

  it.each([
    ["throws", async () => Promise.reject(new Error("mine")), { message: "mine" }],
    ["has a statement fail", (client: OrgClient) => client.query("select 1/0"), { code: "22012" }],
    [
      "goes on after a failed statement",
      async (client: OrgClient) => {
        await client.query("select 1/0").catch(() => {});
        return client.query("select 1");
      },
      { code: "25P02" },
    ],
    [
      "says nothing of a failed statement",
      async (client: OrgClient) => {
        await client.query("select 1/0").catch(() => {});
      },
      { code: "transaction-over", message: expect.stringContaining("rolled back") },
    ],
    [
      "writes for another org",
      (client: OrgClient) => client.query("insert into app.note values ($1, 3, 'x')", [globex]),
      { code: "42501" },
    ],
    [
      "breaks what is only checked at the end",
      (client: OrgClient) => client.query("insert into app.tag values ($1, 1), ($1, 1)", [acme]),
      { code: "23505" },
    ],
  ])("rolls back, and leaves nothing behind, where the work %s", async (_, work, error) => {
    const attempt = asApp(acme, async (client) => {
      await client.query("insert into app.note values ($1, 9, 'lost')", [acme]);
      return work(client);
    });
    await expect(attempt).rejects.toMatchObject(error);
    for (let n = 0; n < 3; n++) expect(await met()).toEqual({ org: null, own: true, notes: 2 });
    expect(await asApp(globex, texts)).toEqual(["of globex"]);
  });

  it("gives up the connection after an error, and keeps it otherwise", async () => {
    const released: unknown[] = [];
    pool.on("release", (error) => released.push(error));
    const ends = () => new Promise((done) => pool.once("remove", done));
    await asApp(acme, texts);
    expect(pool.totalCount).toBe(1);
    const ended = ends();
    await asApp(acme, () => Promise.reject(new Error("mine"))).catch(() => {});
    await ended;
    expect(released.map(Boolean)).toEqual([false, true]);
  });

  it.each([
    ["", "empty"],
    ["00000000-0000-0000-0000-000000000000", "nil"],
    ["0A000000-0000-4000-8000-00000000000", "cut"],
    ["{0a000000-0000-4000-8000-000000000001}", "in brackets"],
    ["' or true", "SQL"],
    ["Acme", "no slug"],
    [undefined as unknown as string, "missing"],
    [null as unknown as string, "null"],
    [[acme] as unknown as string, "a list"],
  ])("refuses %j (%s) before it takes a connection", async (org) => {
    const none = { connect: () => expect.unreachable() } as unknown as pg.Pool;
    await expect(withOrg(none, org, () => expect.unreachable())).rejects.toMatchObject({
      code: "malformed-org",
    });
  });

  it("refuses a client that was kept", async () => {
    let kept: OrgClient | undefined;
    await asApp(acme, async (client) => {
      kept = client;
    });
    await expect((async () => kept?.query("select 1"))()).rejects.toMatchObject({ code: "transaction-over" });
    await asApp(acme, async (client) => {
      kept = client;
      throw new Error("mine");
    }).catch(() => {});
    await expect((async () => kept?.query("select 1"))()).rejects.toMatchObject({ code: "transaction-over" });
  });

  it("refuses a statement that nobody waited for, or runs it within", async () => {
    let late: Promise<unknown> | undefined;
    await asApp(acme, async (client) => {
      late = setTimeout(30).then(() => client.query("delete from app.note"));
      late.catch(() => {});
    });
    await expect(late).rejects.toMatchObject({ code: "transaction-over" });
    await asApp(acme, async (client) => {
      void client.query("insert into app.note values ($1, 5, 'unwaited')", [acme]).catch(() => {});
    });
    const all = await asApp(acme, texts);
    expect([["of acme"], ["of acme", "unwaited"]]).toContainEqual(all);
    expect(await met()).toMatchObject({ org: null, own: true });
  });

  it.each(["commit", "rollback", "commit and chain; commit"])(
    "refuses what comes after the work's own %s",
    async (end) => {
      const attempt = asApp(acme, async (client) => {
        await client.query(end);
        return client.query("select * from app.note");
      });
      await expect(attempt).rejects.toMatchObject({ code: "transaction-over" });
      await expect(asApp(acme, (client) => client.query(end))).rejects.toMatchObject({
        code: "transaction-over",
      });
      await expect(
        asApp(acme, (client) => Promise.all([client.query(end), client.query("select * from app.note")])),
      ).rejects.toMatchObject({ code: "transaction-over" });
      expect(await met()).toMatchObject({ org: null, own: true });
    },
  );

  it.each([
    "commit and chain",
    "rollback and chain",
    "commit; begin",
    "rollback; begin",
    "reset role",
    `select set_config('tenantry.org_id', '${globex}', true)`,
  ])("hands out nothing of what the work reads after its own %s", async (leave) => {
    const attempt = asApp(acme, async (client) => {
      await client.query(leave);
      return texts(client);
    });
    await expect(attempt).rejects.toMatchObject({
      code: "transaction-over",
      message: expect.stringContaining("left its transaction, its org or its role"),
    });
    expect(await met()).toEqual({ org: null, own: true, notes: 2 });
  });

  it("lets savepoints be", async () => {
    await asApp(acme, async (client) => {
      await client.query("savepoint one");
      await client.query("select 1/0").catch(() => {});
      await client.query("rollback to one");
      await client.query("insert into app.note values ($1, 2, 'kept')", [acme]);
    });
    expect(await asApp(acme, texts)).toEqual(["of acme", "kept"]);
  });

  it("refuses an org within an org on the same pool, and not after it", async () => {
    await expect(asApp(acme, () => asApp(globex, texts))).rejects.toMatchObject({ code: "nested-org" });
    let later: Promise<readonly string[]> | undefined;
    await asApp(acme, async () => {
      later = setTimeout(30).then(() => asApp(globex, texts));
    });
    expect(await later).toEqual(["of globex"]);
  });

  it("reads only, and in the isolation that is asked for", async () => {
    const options = { role, readOnly: true, isolation: "serializable" } as const;
    const level = await withOrg(
      pool,
      acme,
      async (client) => (await client.query("show transaction_isolation")).rows,
      options,
    );
    expect(level).toEqual([{ transaction_isolation: "serializable" }]);
    const write = withOrg(pool, acme, (client) => client.query("delete from app.note"), options);
    await expect(write).rejects.toMatchObject({ code: "25006" });
  });

  it("looks up a slug as a role that sees orgs, and gives the app's none of that", async () => {
    await apply(database, whole);
    const { rows } = await database.pool.query("select org_id as id from tenantry.org where slug = 'globex'");
    const now = async (client: OrgClient) =>
      (
        await client.query(
          "select current_setting('tenantry.org_id') as id, current_user::text as role, (select count(*)::int from tenantry.org) as orgs",
        )
      ).rows[0];
    const lookUpAs = `${database.rolePrefix}runtime`;
    expect(await withOrg(pool, "globex", now, { role, lookUpAs })).toEqual({ id: rows[0].id, role, orgs: 1 });
    const withoutRole = await withOrg(pool, "globex", now, { lookUpAs });
    expect(withoutRole.role).not.toBe(lookUpAs);
    await expect(withOrg(pool, "nobody", now, { role, lookUpAs })).rejects.toMatchObject({
      code: "unknown-org",
    });
    // The app's role cannot: it sees no org before it is said which.
    await expect(withOrg(pool, "globex", now, { role, lookUpAs: role })).rejects.toMatchObject({
      code: "unknown-org",
    });
    expect(await met()).toMatchObject({ org: null, own: true });
  });

  it("refuses a role that is not there, whatever is written in it", async () => {
    const odd = withOrg(pool, acme, texts, { role: `x"; drop table app.note; --` });
    await expect(odd).rejects.toMatchObject({ code: "22023" });
    expect(await met()).toMatchObject({ org: null, own: true });
  });

  it.runIf(engine === "postgres")("rejects where the connection is lost in the middle", async () => {
    const attempt = asApp(acme, async (client) => {
      const { rows } = await client.query("select pg_backend_pid() as pid");
      await database.pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
      await setTimeout(50);
      return client.query("select 1");
    });
    await expect(attempt).rejects.toThrow();
    expect(await asApp(acme, texts)).toEqual(["of acme"]);
  });
});
