import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Trouble } from "../../src/client/client.ts";
import { createLocalClient } from "../../src/client/create-local-client.ts";
import { localClient, type OverDatabase } from "../../src/client/local-client.ts";
import type { Database } from "../../src/database/connect.ts";
import { eachEngine, urls } from "../engines.ts";
import { serveEstate } from "../server/serve-estate.ts";
import { until } from "./listening-server.ts";

const ana = "ana@acme.example";
const withMfa = { context: { mfa: true } };
const kim = "kim@globex.example";

const sample = readFileSync(join(import.meta.dirname, "../../tenants/orgs/globex.yaml"), "utf8");
const suspended = {
  "orgs/globex.yaml": sample.replace("org: globex", "org: globex\nstatus: suspended"),
};

/** Closed by the test itself, before its database is. */
async function using<T>(
  database: Database,
  options: OverDatabase,
  work: (client: Awaited<ReturnType<typeof localClient>>) => Promise<T>,
): Promise<T> {
  const client = await localClient(database, options);
  return work(client).finally(() => client.close());
}

eachEngine("a client in process", (open, engine) => {
  test("answers at once, and explains", async () => {
    const database = await open();
    const { clock } = await serveEstate(database);
    await using(database, { org: "acme", clock: () => clock.now }, async (client) => {
      expect(client.can(ana, "members:invite", undefined, withMfa)).toBe(true);
      expect(client.can(ana, "members:invite")).toBe(false);
      expect(client.can(null, "members:invite")).toBe(false);
      expect(client.flag("new_dashboard", { environment: "web/live" }, true)).toBe(false);
      expect(client.flag("new_dashboard", {}, "a text")).toBe("a text");
      expect(client.flag("nothing", {}, "mine")).toBe("mine");
      expect(client.entitled("sso")).toBe(true);
      expect(client.org("nothing").entitled("sso")).toBe(false);
      expect(client.org("nothing").can(ana, "members:invite", undefined, withMfa)).toBe(false);
      expect(client.org("nothing").flag("new_dashboard", {}, true)).toBe(true);
      expect(client.org("nothing").check([{ flag: "new_dashboard" }])).toMatchObject([
        { kind: "flag", value: null, reason: "unknown-org" },
      ]);
      const query = { permission: "members:invite", member: ana, ...withMfa };
      const { answer, explanation } = client.explain(query);
      expect([answer]).toEqual(client.check([query]));
      expect(explanation).toMatchObject({ roles: [{ role: "owner" }] });
      expect(() => client.check(Array(1_001).fill({ flag: "a" }))).toThrow(RangeError);
      expect(() => client.check([{} as never])).toThrow(TypeError);
      expect(client.standing()).toMatchObject({ revision: 1, isCutOff: false });
    });
  });

  test("tells of its org's changes, and answers by them", async () => {
    const database = await open();
    const { apply, clock } = await serveEstate(database);
    await using(database, { clock: () => clock.now }, async (client) => {
      const told = { globex: 0, acme: 0 };
      const globex = client.org("globex");
      const end = globex.onChange(() => told.globex++);
      client.org("acme").onChange(() => told.acme++);
      expect(globex.can(kim, "org:read")).toBe(true);
      const revision = await apply(suspended);
      await until(() => told.globex > 0);
      expect(client.standing().revision).toBe(revision);
      expect(told).toEqual({ globex: 1, acme: 0 });
      expect(globex.can(kim, "org:read")).toBe(false);
      expect(client.org("globex").check([{ entitlement: "sso" }])).toMatchObject([
        { reason: "org-not-active" },
      ]);
      end();
      await database.pool.query("update tenantry.org set status = 'active' where slug = 'globex'");
      await until(() => globex.can(kim, "org:read"));
      expect(told.globex).toBe(1);
    });
  });

  test("says no once what it knows is too old", async () => {
    const database = await open();
    const { clock } = await serveEstate(database);
    await using(database, { org: "acme", maxStale: 5_000, clock: () => clock.now }, async (client) => {
      const ask = () => [
        client.can(ana, "members:invite", undefined, withMfa),
        client.entitled("sso"),
        client.flag("new_dashboard", { environment: "web/live" }, true),
        client.check([{ entitlement: "sso" }])[0]?.reason,
        client.explain({ entitlement: "sso" }).answer.reason,
      ];
      const fresh = [true, true, false, "plan", "plan"];
      expect(ask()).toEqual(fresh);
      clock.now += 5_000;
      expect(ask()).toEqual(fresh);
      clock.now += 1;
      expect(ask()).toEqual([false, false, true, "unavailable", "unavailable"]);
      // The next look finds that it is as it was.
      await until(() => client.standing().age === 0);
      expect(ask()).toEqual(fresh);
      await client.close();
      expect(ask()).toEqual([false, false, true, "unavailable", "unavailable"]);
    });
  });

  test("tells when the database cannot be asked, and when it can again", async () => {
    const database = await open();
    await serveEstate(database);
    const told: Trouble[] = [];
    await using(database, { org: "acme", onTrouble: (trouble) => told.push(trouble) }, async (client) => {
      await database.pool.query("alter table tenantry.estate rename to elsewhere");
      await until(() => told.length === 1);
      expect(client.standing().isCutOff).toBe(true);
      expect(client.can(ana, "members:invite", undefined, withMfa)).toBe(true);
      await database.pool.query("alter table tenantry.elsewhere rename to estate");
      await until(() => told.length === 2);
      expect(told).toMatchObject([{ kind: "cut-off", error: expect.any(Error) }, { kind: "back" }]);
      expect(client.standing().isCutOff).toBe(false);
    });
  });

  test("tells all who listen, whichever of them throws, and hides no fault", async () => {
    const database = await open();
    await serveEstate(database);
    const faults: unknown[] = [];
    const warned = (warning: Error & { detail?: string }) => faults.push(warning.detail);
    process.on("warning", warned);
    onTestFinished(() => void process.off("warning", warned));
    const told: Trouble[] = [];
    await using(database, { org: "acme", onTrouble: (trouble) => told.push(trouble) }, async (client) => {
      const fault = new Error("the listener's own");
      let later = 0;
      client.onChange(() => {
        throw fault;
      });
      client.onChange(() => later++);
      await database.pool.query("update tenantry.org set status = 'suspended' where slug = 'acme'");
      await until(() => later === 1 && faults.length === 1);
      expect(faults).toEqual([fault.stack]);
      expect(client.standing().isCutOff).toBe(false);
      expect(told).toEqual([]);
    });
  });

  if (engine === "pglite") return;
  test("opens a database by its address, and fails where there is none", async () => {
    const database = await open();
    await serveEstate(database);
    const { rolePrefix } = database;
    const client = await createLocalClient({
      database: urls.get(database) as string,
      rolePrefix,
      org: "acme",
    });
    expect(client.entitled("sso")).toBe(true);
    await client.close();
    await client.close();
    const nowhere = createLocalClient({ database: "postgres://127.0.0.1:1/none" });
    await expect(nowhere).rejects.toThrow("No database answers");
    // As of a variable that is not set: nothing is made in its place.
    for (const database of [undefined, ""])
      await expect(createLocalClient({ database: database as string })).rejects.toThrow("needs `database`");
    await expect(createLocalClient({ database: "./mistyped" })).rejects.toThrow("no embedded database in");
  });
});
