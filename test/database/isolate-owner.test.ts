import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { isolateTables } from "../../src/database/isolate/isolate-tables.ts";
import { eachEngine } from "../engines.ts";

const acme = "0a000000-0000-4000-8000-000000000001";
const globex = "0a000000-0000-4000-8000-000000000002";

eachEngine("isolate, and the table's owner", (open) => {
  let database: Database;
  let owner: string;
  beforeEach(async () => {
    database = await open();
    owner = `${database.rolePrefix}table_owner`;
    await database.pool.query(`
      create role ${owner} nologin;
      drop schema if exists app cascade;
      create schema app authorization ${owner};
      create table app.invoice (org_id uuid not null, note text);
      insert into app.invoice values ('${acme}', 'of acme'), ('${globex}', 'of globex');
      alter table app.invoice owner to ${owner}`);
  });
  afterEach(async () => {
    await database.pool.query(`drop owned by ${owner}; drop role ${owner}`);
  });

  /** What is told of the owner, and what it then sees of acme. */
  async function isolated() {
    const [isolation] = await isolateTables(database, ["app.invoice"], { reference: false, apply: true });
    const client = await database.pool.connect();
    try {
      await client.query(`begin; set local role ${owner}; set local tenantry.org_id = '${acme}'`);
      const { rows } = await client.query("select note from app.invoice order by note");
      return { told: isolation?.notes[0], seen: rows.map(({ note }) => note) };
    } finally {
      await client.query("rollback");
      client.release();
    }
  }

  it("holds it, too, and says so", async () => {
    expect(await isolated()).toEqual({
      told: `It holds the owner, ${owner}, as well: what works on all orgs at once needs a role with BYPASSRLS.`,
      seen: ["of acme"],
    });
  });

  it.each([
    ["superuser", "is a superuser"],
    ["bypassrls", "has BYPASSRLS"],
  ])("does not hold one with %s, and says so", async (power, what) => {
    await database.pool.query(`alter role ${owner} ${power}`);
    expect(await isolated()).toEqual({
      told: `It does not hold the owner, ${owner}, which ${what}: whoever works as it sees the rows of every org.`,
      seen: ["of acme", "of globex"],
    });
  });
});
