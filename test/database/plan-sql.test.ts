import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { expect, inject, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { planSql } from "../../src/database/plan-sql.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { kindsInOrder } from "../../src/model/order.ts";
import { catalogId } from "../../src/model/state.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { eachEngine, urls } from "../engines.ts";
import { urlOf } from "../engines-setup.ts";
import { acme, apply, catalog, estate, globex, planFor, whole } from "./whole-estate.ts";

const changed = estate(
  {
    ...catalog,
    flag: [{ name: "dashboard", type: "boolean", default: true, description: "a 'b' \\ $tenantry$ :c" }],
  },
  { acme: { ...acme, banner: [], org: [{ slug: "acme", name: "Acme" }], flag_override: [] }, globex },
);

eachEngine("the SQL of a plan", (open, engine) => {
  // Copies of a database are what a server makes; psql speaks to nothing else.
  if (engine === "pglite") {
    it.skip("is for psql");
    return;
  }

  const options = { applyId: randomUUID(), actor: "dora", commit: "9f3c2e1", title: "It's Q4" };
  const told = { ...options, applicationName: "tenantry" };

  it("leaves on a copy what the apply leaves: rows, ledger, audit, books and revision", async () => {
    const database = await open();
    const { rolePrefix } = database;
    await apply(database, whole);
    const plan = withBaselines(await planFor(database, changed));
    const sql = await planSql(database, plan, told);
    const url = urls.get(database) as string;
    await database.close();
    const copy = await copyOf(url);
    const original = await openDatabase({ url, rolePrefix });
    await writePlan(original, plan, options);
    expect(await run(copy, sql)).toBe("");
    const copied = await openDatabase({ url: copy, rolePrefix });
    expect(await everything(copied)).toEqual(await everything(original));
    // It says a second time that it is too late, and changes nothing.
    expect(await run(copy, sql)).toMatch(/The estate is no more what the plan was made from/);
    expect(await everything(copied)).toEqual(await everything(original));
    await original.close();
    await copied.close();
  });

  it.each([
    ["a row that it writes", "update tenantry.banner set variant = 'info'"],
    ["anything that it read", "update tenantry.org set name = 'x' where slug = 'globex'"],
  ])("fails and changes nothing where somebody changed %s", async (_, statement) => {
    const database = await open();
    await apply(database, whole);
    const sql = await planSql(database, await planFor(database, changed), told);
    await database.pool.query(statement);
    const before = await everything(database);
    expect(await run(urls.get(database) as string, sql)).toMatch(/changed since/);
    expect(await everything(database)).toEqual(before);
  });

  function withBaselines(plan: Plan): Plan {
    const baselines = [...plan.base.counters.keys()].map((orgId) => ({
      orgId,
      sourceDigest: "it's",
      desiredDigest: null,
      nextDue: null,
      sources: [
        { path: "a.yaml", digest: "d", text: "a: 'b'\n\\", content: '{"a":"b"}', claims: ["slug x"] },
      ],
    }));
    return { ...plan, base: { ...plan.base, noted: 0 }, baselines };
  }
});

async function copyOf(url: string): Promise<string> {
  const name = new URL(url).pathname.slice(1);
  const admin = new pg.Client(inject("engines").url);
  await admin.connect();
  await admin.query(`create database ${name}_copy template ${name}`).finally(() => admin.end());
  return urlOf(inject("engines").url, `${name}_copy`);
}

/** By psql; where there is none, by the simple protocol that psql speaks. Returns what went wrong. */
async function run(url: string, sql: string): Promise<string> {
  const psql = spawnSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", url], {
    input: sql,
    encoding: "utf8",
  });
  if (psql.error === undefined) return psql.status === 0 ? "" : psql.stderr;
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
    return "";
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end();
  }
}

/** All that is kept, but for times and the numbers of transactions and events. */
async function everything(database: Database) {
  const own = [
    "estate",
    "revision",
    "org_books",
    "audit",
    "change_set",
    "source",
    "books_pending",
    "tx_pending",
  ];
  const kept = await Promise.all(
    [...kindsInOrder, ...own].map(async (table) => {
      const drop = table === "audit" ? "- 'id'" : "";
      const { rows } = await database.pool.query(
        `select to_jsonb(t) - 'xid' - 'at' ${drop} as row from tenantry.${table} t
         order by (to_jsonb(t) - 'xid' - 'at' ${drop})::text`,
      );
      return [table, rows] as const;
    }),
  );
  expect(kept.find(([table]) => table === "org_books")?.[1].some(({ row }) => row.org_id === catalogId)).toBe(
    true,
  );
  return Object.fromEntries(kept);
}
