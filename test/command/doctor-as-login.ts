import { beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { examine } from "../../src/database/doctor/examine.ts";
import type { Finding } from "../../src/database/doctor/finding.ts";
import { migrate } from "../../src/database/migrate.ts";
import { type Open, urls } from "../engines.ts";
import { runByHand } from "./leaks/run-by-hand.ts";

/** Not in a test file of its own: what is looked at is the whole cluster, and files run beside each other. */
export function doctorAsWhoLogsIn(given: () => Database, open: Open): void {
  describe("as who logs in", () => {
    let database: Database;
    let clerk: string;
    let boss: string;
    beforeEach(() => {
      database = given();
      [clerk, boss] = [`${database.rolePrefix}doctor_clerk`, `${database.rolePrefix}doctor_boss`];
    });

    const run = (sql: string) => runByHand(database, sql);
    const mend = async (found: readonly Finding[]) => {
      for (const { sql } of found) for (const statement of sql) await database.pool.query(statement);
    };
    const idsOf = (found: readonly Finding[]) => found.map(({ id, where }) => `${id} ${where}`);

    const loggedIn = async (work: (theirs: Database) => Promise<void>) => {
      await run("alter role clerk login");
      const url = Object.assign(new URL(urls.get(database) as string), {
        username: clerk,
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
        expect({ unseen, login }).toEqual({ unseen: [], login: clerk });
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
        expect(idsOf(found)).toContain(`works-as-owner app.invoice by ${clerk}`);
      });
    });

    it("finds roles that the login may become, and that no policy holds", async () => {
      await run("alter role boss bypassrls; grant boss to clerk");
      await loggedIn(async (theirs) => {
        const { findings: found } = await examine(theirs, []);
        expect(idsOf(found)).toContain(`role-bypasses ${boss}`);
      });
      await run(
        "alter role boss nobypassrls; grant usage on schema app to boss; alter table app.invoice owner to boss",
      );
      await loggedIn(async (theirs) => {
        const { findings: found } = await examine(theirs, []);
        expect(idsOf(found)).toContain(`works-as-owner app.invoice by ${boss}`);
      });
    });

    it("finds what the login may do by the estate's roles, however it came by them", async () => {
      const known = async (theirs: Database) =>
        (await examine(theirs, [])).findings
          .filter(({ id }) => id !== "backups")
          .map(({ id, severity, where }) => `${severity} ${id} ${where}`);
      await run("grant runtime_role, app_role to clerk");
      await loggedIn(async (theirs) => {
        expect(await known(theirs)).toEqual([`note runtime-role-granted ${clerk}`]);
        const { rows } = await theirs.pool.query("select from tenantry.signing_key");
        expect(rows).toEqual([]);
      });
      await run("revoke runtime_role from clerk; grant owner_role, apply_role to boss; grant boss to clerk");
      await loggedIn(async (theirs) => {
        // Without SET ROLE.
        await theirs.pool.query("begin; alter table tenantry.member disable row level security; rollback");
        expect(await known(theirs)).toEqual([
          `warning owner-role-granted ${clerk}`,
          `warning apply-role-granted ${clerk}`,
        ]);
        const { findings: found } = await examine(theirs, []);
        expect(found[0]?.risk).toContain(
          `As a member of ${database.rolePrefix}owner by way of ${boss} it can`,
        );
        expect(found[0]?.mend).toContain(`accept owner-role-granted:${clerk} there.`);
        await mend(found);
        expect(await known(theirs)).toEqual([]);
      });
    });

    it("tells once of a login that may become a superuser, or is one", async () => {
      await run("grant owner_role to boss; alter role boss superuser; grant boss to clerk");
      await loggedIn(async (theirs) => {
        expect(idsOf((await examine(theirs, [])).findings)).toEqual([
          `role-bypasses ${boss}`,
          "backups tenantry",
        ]);
      });
      await run("grant owner_role to clerk; alter role clerk superuser; alter role boss nosuperuser");
      await loggedIn(async (theirs) => {
        const ids = (await examine(theirs, [])).findings.map(({ id }) => id);
        expect(ids).toEqual(["login-bypasses", "backups"]);
      });
    });

    it("finds that the login is the apply role itself", async () => {
      const empty = await open({ empty: true });
      const rolePrefix = `${empty.rolePrefix}doctor_`;
      const url = new URL(urls.get(empty) as string);
      await migrate({ ...empty, rolePrefix });
      await empty.pool.query(`alter role ${rolePrefix}apply login`);
      url.username = `${rolePrefix}apply`;
      const theirs = await openDatabase({ url: url.href, rolePrefix });
      const { findings: found } = await examine(theirs, []).finally(() => theirs.close());
      for (const statement of found[0]?.sql ?? []) await empty.pool.query(statement);
      expect(found).toMatchObject([
        { id: "apply-role-granted", risk: expect.stringMatching(/^As \S+apply itself it can/) },
        { id: "backups" },
      ]);
      const { rows } = await empty.pool.query(
        `select rolcanlogin as "canLogIn" from pg_roles where rolname = '${rolePrefix}apply'`,
      );
      expect(rows).toEqual([{ canLogIn: false }]);
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
}
