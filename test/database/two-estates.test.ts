import pg from "pg";
import { expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { migrate } from "../../src/database/migrate.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { eachEngine, urls } from "../engines.ts";
import { acme, apply, catalog, estate, globex, planFor } from "./whole-estate.ts";

const production = estate(catalog, { acme, globex });
const staging = estate(
  { ...catalog, flag: [{ name: "dashboard", type: "boolean", default: true }] },
  { acme: { ...acme, org: [{ slug: "acme", name: "Acme, staging" }], flag_override: [] } },
);

/** A second estate beside the first, in the same database; both migrated. */
async function beside(first: Database): Promise<Database> {
  const second = { ...first, schema: "acme_staging", rolePrefix: `${first.rolePrefix}staging_`, roles: null };
  await migrate(first);
  await migrate(second);
  return second;
}

eachEngine("two estates in one database", (open, engine) => {
  it("each hold what was applied to them, and nothing of the other's", async () => {
    const first = await open({ empty: true });
    const second = await beside(first);
    await apply(first, production);
    const before = await readActual(first);
    await apply(second, staging);
    expect(await readActual(first)).toEqual(before);
    expect((await planFor(first, production)).scopes).toEqual([]);
    expect((await planFor(second, staging)).scopes).toEqual([]);
    const name = "select slug, name from org order by slug";
    const names = (database: Database) =>
      inTransaction(database, "runtime", { readOnly: true }, (transaction) => transaction.query(name));
    expect((await names(first)).rows).toEqual([
      { slug: "acme", name: "Acme Corp 🏭" },
      { slug: "globex", name: null },
    ]);
    expect((await names(second)).rows).toEqual([{ slug: "acme", name: "Acme, staging" }]);
  });

  it("keep books of their own, also of what is changed by hand", async () => {
    const first = await open({ empty: true });
    const second = await beside(first);
    await apply(first, production);
    await apply(second, staging);
    const books = async ({ schema }: Database) => {
      const tables = ["audit", "change_set", "org_books", "revision", "estate"];
      const all = tables.map((table) => first.pool.query(`select * from ${schema}.${table} order by 1, 2`));
      return (await Promise.all(all)).map(({ rows }) => rows);
    };
    const before = { first: await books(first), second: await books(second) };
    await first.pool.query("update acme_staging.org set name = 'By hand'");
    expect(await books(first)).toEqual(before.first);
    const after = await books(second);
    expect(after[0]).toHaveLength((before.second[0]?.length ?? 0) + 1);
    await first.pool.query("update tenantry.org set name = 'By hand' where slug = 'acme'");
    expect(await books(second)).toEqual(after);
  });

  it("give their roles no right on each other", async () => {
    const first = await open({ empty: true });
    const second = await beside(first);
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const) {
      for (const role of ["owner", "apply", "runtime", "app"] as const) {
        const reading = inTransaction(one, role, {}, (transaction) =>
          transaction.query(`select from ${other.schema}.org`),
        );
        await expect(reading).rejects.toMatchObject({ code: "42501" });
      }
      const { rows } = await first.pool.query(
        `select r.rolname, c.relname from pg_roles r, pg_class c
         where starts_with(r.rolname, $1) and c.relnamespace = $2::regnamespace and c.relkind in ('r', 'v')
           and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete, truncate')
           and not starts_with(r.rolname, $3)`,
        // The longer prefix begins with the shorter one.
        one === first
          ? [one.rolePrefix, other.schema, other.rolePrefix]
          : [one.rolePrefix, other.schema, "none"],
      );
      expect(rows).toEqual([]);
    }
  });

  it("cannot be mixed up by a role prefix of the other's", async () => {
    const first = await open({ empty: true });
    const second = await beside(first);
    const mixed = { ...second, rolePrefix: first.rolePrefix, roles: null };
    await expect(inTransaction(mixed, "apply", {}, async () => {})).rejects.toMatchObject({
      code: "wrong-role-prefix",
      message: expect.stringContaining("The schema acme_staging"),
    });
  });

  if (engine === "pglite") return;

  it("tell listeners of their own applies alone", async () => {
    const first = await open({ empty: true });
    const second = await beside(first);
    const listener = new pg.Client(urls.get(first));
    await listener.connect();
    const heard: string[] = [];
    listener.on("notification", ({ channel, payload }) => heard.push(`${channel} ${payload}`));
    await listener.query(`listen ${first.schema}; listen ${second.schema}`);
    await apply(second, staging);
    await listener.query("select");
    expect(heard).toEqual(["acme_staging 1"]);
    await apply(first, production);
    await listener.query("select");
    await listener.end();
    expect(heard).toEqual(["acme_staging 1", "tenantry 1"]);
  });

  it("are migrated apart: the one does not wait for the other", async () => {
    const first = await open({ empty: true });
    const second = await beside(first);
    const holder = await first.pool.connect();
    await holder.query(
      "begin; select pg_advisory_xact_lock(hashtextextended('tenantry.migrate', 0)); select 1",
    );
    expect(await migrate(second)).toMatchObject({ applied: [] });
    await holder.query("rollback");
    holder.release();
  });
});

it.each([
  ["", "1 to 63"],
  ["Acme", "a-z, 0-9 and _"],
  ['a"; drop schema tenantry; --', "a-z, 0-9 and _"],
  ["a".repeat(64), "1 to 63"],
  ["1st", "begin with no digit"],
  ["pg_acme", "PostgreSQL uses that name itself"],
  ["public", "PostgreSQL uses that name itself"],
])("the schema cannot be called %j", async (schema, reason) => {
  await expect(openDatabase({ url: "postgres://127.0.0.1:1/x", schema })).rejects.toMatchObject({
    code: "unusable-name",
    message: expect.stringContaining(reason),
  });
});

it.each([
  ["", "1 to 56"],
  ["a".repeat(57), "1 to 56"],
  ["acme-", "a-z, 0-9 and _"],
  ["pg_", "PostgreSQL keeps pg_"],
])("the role prefix cannot be %j", async (rolePrefix, reason) => {
  await expect(openDatabase({ url: "postgres://127.0.0.1:1/x", rolePrefix })).rejects.toMatchObject({
    code: "unusable-name",
    message: expect.stringContaining(reason),
  });
});
