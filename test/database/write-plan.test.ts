import { randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { findApply } from "../../src/database/find-apply.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { eachEngine, urls } from "../engines.ts";
import { acme, apply, catalog, estate, globex, planFor, whole } from "./whole-estate.ts";

const changed = estate(
  { ...catalog, flag: [{ name: "dashboard", type: "boolean", default: true }] },
  { acme: { ...acme, banner: [], org: [{ slug: "acme", name: "Acme" }], flag_override: [] }, globex },
);

eachEngine("an apply", (open, engine) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });

  async function everything() {
    const tables = ["audit", "change_set", "org_books", "revision", "tx_pending", "books_pending"];
    const books = await Promise.all(
      tables.map(async (table) => (await database.pool.query(`select count(*) from tenantry.${table}`)).rows),
    );
    return { actual: await readActual(database), books };
  }

  it("leaves nothing behind when it fails, at whichever statement", async () => {
    await apply(database, whole);
    const before = await everything();
    const plan = await planFor(database, changed);
    const steps: string[] = [];
    const failAt = (at: number) => {
      steps.length = 0;
      return writePlan(database, plan, {
        applyId: randomUUID(),
        actor: "tester",
        step(name) {
          steps.push(name);
          if (steps.length === at) throw new Error(`failed at ${name}`);
        },
      });
    };
    let at = 1;
    for (; ; at++) {
      const outcome = await failAt(at).catch((error: Error) => error);
      if (!(outcome instanceof Error)) break;
      expect(outcome.message).toBe(`failed at ${steps.at(-1)}`);
      expect(await everything(), steps.at(-1)).toEqual(before);
    }
    expect(steps).toEqual(
      expect.arrayContaining(["lock", "delete banner", "update flag", "take books", "commit"]),
    );
    expect((await planFor(database, changed)).scopes).toEqual([]);
  });

  it("keeps history: who, which commit, how many rows of what", async () => {
    await apply(database, whole);
    await apply(database, changed, { actor: "dora", commit: "9f3c2e1" });
    const { rows } = await database.pool.query("select * from tenantry.revision where revision = 2");
    expect(rows).toMatchObject([
      { actor: "dora", commit: "9f3c2e1", counts: { banner: { delete: 1 }, flag: { update: 1, delete: 1 } } },
    ]);
  });

  it("takes place once, however often it is tried", async () => {
    const plan = await planFor(database, whole);
    const options = { applyId: randomUUID(), actor: "tester" };
    expect(await writePlan(database, plan, options)).toMatchObject({ revision: 1 });
    const earlier = { revision: 1, actor: "tester", at: expect.stringMatching(/^\d{4}-\d\d-\d\d .*Z$/) };
    expect(await writePlan(database, plan, options)).toEqual({ revision: 1, rows: 0, earlier });
    await inTransaction(database, "apply", {}, async (transaction) => {
      expect(await findApply(transaction, options.applyId)).toEqual(earlier);
      expect(await findApply(transaction, randomUUID())).toBeNull();
    });
  });

  it("refuses a broken constraint in words, without the row's values", async () => {
    const broken = estate(catalog, { acme: { org: [{ slug: "acme", industry: "s3cret".repeat(30) }] } });
    const error = await apply(database, broken).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "change-refused", constraint: "org_industry_check", table: "org" });
    expect(`${error} ${JSON.stringify(error)} ${(error as Error).cause}`).not.toContain("s3cret");
  });

  it("tells how far it is", async () => {
    const seen: number[] = [];
    const { rows } = await apply(database, whole, {
      onProgress: (written, total) => seen.push(written / total),
    });
    expect(seen.at(-1)).toBe(1);
    expect(rows).toBe((await planFor(await open(), whole)).scopes.flatMap(({ changes }) => changes).length);
  });

  // PGlite has one session, so that nobody can be in the way.
  if (engine === "pglite") return;

  it("names who holds the lock", async () => {
    const other = await openDatabase({
      url: urls.get(database) as string,
      rolePrefix: database.rolePrefix,
      applicationName: "the other one",
    });
    const holder = await other.pool.connect();
    await holder.query("begin; select * from tenantry.estate for update");
    const attempt = apply(database, whole, { lockTimeout: 100 });
    await expect(attempt).rejects.toMatchObject({
      code: "lock-held",
      message: expect.stringMatching(/the other one, role postgres, process \d+/),
    });
    await holder.query("rollback");
    holder.release();
    await other.close();
  });

  it("waits for a writer by hand, and then finds that its plan is stale", async () => {
    await apply(database, whole);
    const plan = await planFor(database, changed);
    const hand = await database.pool.connect();
    await hand.query(
      "begin; update tenantry.flag set description = 'by hand' where name = 'dashboard'; set constraints all immediate",
    );
    const attempt = writePlan(database, plan, { applyId: randomUUID(), actor: "tester" });
    await new Promise((done) => setTimeout(done, 300));
    await hand.query("commit");
    hand.release();
    await expect(attempt).rejects.toMatchObject({ code: "plan-stale", subjects: ["catalog/flag/dashboard"] });
  });

  it("says that the connection was lost, or that the outcome is unknown", async () => {
    const plan = await planFor(database, whole);
    const killer = await openDatabase({ url: urls.get(database) as string, rolePrefix: database.rolePrefix });
    const killAt = (at: string) =>
      writePlan(database, plan, {
        applyId: randomUUID(),
        actor: "tester",
        async step(name) {
          if (name !== at) return;
          await killer.pool.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
          );
        },
      });
    await expect(killAt("create member")).rejects.toMatchObject({ code: "database-unreachable" });
    await expect(killAt("commit")).rejects.toMatchObject({
      code: expect.stringMatching(/outcome-unknown|unreachable/),
    });
    expect((await readActual(database)).revision).toBe(0);
    await killer.close();
  });
});
