import { expect, it } from "vitest";
import { openDatabase } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { migrate, migrationStatus } from "../../src/database/migrate.ts";
import { schemaMigrations, schemaVersion } from "../../src/database/schema-migrations.ts";
import { eachEngine, urls } from "../engines.ts";

it("migrations are numbered by their place", () => {
  expect(schemaMigrations.map(({ number }) => number)).toEqual(schemaMigrations.map((_, index) => index + 1));
});

eachEngine("migrate", (open, engine) => {
  it("does all there is to do, and then nothing", async () => {
    const database = await open({ empty: true });
    expect(await migrationStatus(database)).toMatchObject({ version: 0, pending: { length: schemaVersion } });
    const first = await migrate(database);
    expect(first.applied).toHaveLength(schemaVersion);
    expect(first.mode).toBe("separate");
    expect(await migrate(database)).toMatchObject({ applied: [], version: schemaVersion });
    expect(await migrationStatus(database)).toEqual({ version: schemaVersion, pending: [] });
  });

  it("is done by one of several at once", async () => {
    const database = await open({ empty: true });
    const all = await Promise.all([migrate(database), migrate(database), migrate(database)]);
    expect(all.map(({ applied }) => applied.length).sort()).toEqual([0, 0, schemaVersion]);
  });

  it("is asked for where there is no schema", async () => {
    const database = await open({ empty: true });
    const attempt = inTransaction(database, "apply", {}, async () => {});
    await expect(attempt).rejects.toMatchObject({ code: "schema-missing", message: /tenantry migrate/ });
  });

  it.each([
    ["older", "schema-outdated", "delete from tenantry.migration where number > 3"],
    ["newer", "schema-newer", "insert into tenantry.migration values (999, 'of the future')"],
  ])("is told from a schema that is %s", async (_, code, statement) => {
    const database = await open({ empty: true });
    await migrate(database);
    await database.pool.query(statement);
    database.roles = null;
    await expect(inTransaction(database, "apply", {}, async () => {})).rejects.toMatchObject({ code });
    if (code === "schema-newer") await expect(migrate(database)).rejects.toMatchObject({ code });
  });

  if (engine === "pglite") return;

  it("makes the cluster's roles once, for two databases at once", async () => {
    const first = await open({ empty: true });
    const second = await open({ empty: true });
    const rolePrefix = `${first.rolePrefix}race_`;
    const both = await Promise.all(
      [first, second].map((database) => openDatabase({ url: urls.get(database) as string, rolePrefix })),
    );
    try {
      const all = await Promise.all(both.map(migrate));
      expect(all.map(({ mode }) => mode)).toEqual(["separate", "separate"]);
    } finally {
      for (const database of both) await database.close();
    }
  });

  it("works as one role where the login may not create any", async () => {
    const database = await open({ empty: true });
    const login = `${database.rolePrefix}plain`;
    await database.pool.query(`
      create role ${login} login;
      grant create on database ${new URL(urls.get(database) as string).pathname.slice(1)} to ${login}`);
    const url = Object.assign(new URL(urls.get(database) as string), { username: login });
    const plain = await openDatabase({ url: url.href, rolePrefix: `${login}_` });
    try {
      expect((await migrate(plain)).mode).toBe("single");
      const orgId = crypto.randomUUID();
      const insert =
        "insert into tenantry.org (org_id, id, slug) values ($1, $1, 'acme'), ($2, $2, 'globex')";
      await inTransaction(plain, "apply", {}, (transaction) =>
        transaction.query(insert, [orgId, crypto.randomUUID()]),
      );
      const slugs = (options: { orgId?: string }) =>
        inTransaction(plain, "app", options, (transaction) =>
          transaction.query("select slug from tenantry.org"),
        );
      expect((await slugs({ orgId })).rows).toEqual([{ slug: "acme" }]);
      expect((await slugs({})).rows).toEqual([]);
    } finally {
      await plain.close();
      await database.pool.query(`drop owned by ${login} cascade; drop role ${login}`);
    }
  });
});
