import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { tenantryInProcess } from "../command.ts";
import { serverDatabase } from "../server-database.ts";

let directory: string;
let url: string;
let client: pg.Client;

const run = (...args: string[]) =>
  tenantryInProcess(directory, args, {
    DATABASE_URL: url,
    TENANTRY_ROLE_PREFIX: inject("engines").rolePrefix,
  });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "tenantry-"));
  url = await serverDatabase("isolating");
  client = new pg.Client(url);
  await client.connect();
}, 60_000);

beforeEach(async () => {
  await client.query(`
    drop schema if exists app cascade; create schema app;
    create table app.invoice (org_id uuid, id int, unique (org_id, id));
    create table app."Odd
name" (org_id uuid not null, id int)`);
});

afterAll(async () => {
  await client.end();
  rmSync(directory, { recursive: true, force: true });
});

test.each([["doctor"], ["isolate", "orders"]])("%s makes no database to look at", async (...args) => {
  const empty = mkdtempSync(join(tmpdir(), "tenantry-"));
  const { exitCode, talk } = await tenantryInProcess(empty, args);
  expect(exitCode).toBe(1);
  expect(talk).toMatch(
    /^error\[database-unreachable\] There is no embedded database in .*, and no server is named/,
  );
  expect(readdirSync(empty)).toEqual([]);
  rmSync(empty, { recursive: true });
});

describe("isolate", () => {
  test("prints SQL that does it, and changes nothing", async () => {
    const { exitCode, out, talk } = await run("isolate", "app.invoice");
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^begin;\n\n-- app\.invoice\n/);
    expect(out).toContain("alter table app.invoice force row level security;\n");
    expect(out).toMatch(
      /\ncommit;\n\n-- app\.invoice: a row without org_id shows to nobody:\n-- {3}alter table/,
    );
    expect(talk).toMatch(/^Nothing was changed\. /);
    const { rows } = await client.query("select from pg_policy where polrelid = 'app.invoice'::regclass");
    expect(rows).toEqual([]);
    await client.query(out);
    expect((await run("isolate", "app.invoice")).out).toMatch(/^-- app\.invoice: nothing to do\.\n/);
  });

  test("carries it out with --apply, once", async () => {
    const { exitCode, out, talk } = await run("isolate", "app.invoice", "--apply");
    expect({ exitCode, talk }).toEqual({ exitCode: 0, talk: expect.stringMatching(/^Done in postgres:/) });
    expect(out).toContain("create policy one_org on app.invoice as restrictive to public");
    expect(await run("isolate", "app.invoice", "--apply")).toMatchObject({ exitCode: 0, talk: "" });
  });

  test("shows what it replaces", async () => {
    await run("isolate", "app.invoice", "--apply");
    await client.query("alter policy one_org on app.invoice using (org_id is not null)");
    expect((await run("isolate", "app.invoice")).out).toContain(
      "-- instead of: create policy one_org on app.invoice as restrictive to public using ((org_id IS NOT NULL))\ndrop policy one_org on app.invoice;\n",
    );
  });

  test("lets no name break out of a comment", async () => {
    await run("isolate", "app.Odd\nname", "--apply");
    const { out } = await run("isolate", "app.Odd\nname");
    expect(out.split("\n").every((line) => line === "" || line.startsWith("--"))).toBe(true);
  });

  test("tells data where it is asked for", async () => {
    const { format, applied, tables } = JSON.parse((await run("isolate", "app.invoice", "--json")).out);
    expect({ format, applied }).toEqual({ format: "tenantry/isolate/v1", applied: false });
    expect(tables).toMatchObject([{ table: "app.invoice", steps: [{ replaces: null }, {}, {}, {}] }]);
    expect(JSON.parse((await run("isolate", "app.invoice", "--json", "--apply")).out).applied).toBe(true);
    expect(JSON.parse((await run("isolate", "app.nope", "--json")).out).error.code).toBe("cannot-isolate");
  });

  test("says every fault in words", async () => {
    expect(await run("isolate", "app.invoise", "tenantry.org", "--apply")).toEqual({
      exitCode: 1,
      out: "",
      talk: "error[cannot-isolate] There is no table app.invoise. Did you mean app.invoice?\n  tenantry.org is the estate's own, and isolated by `tenantry migrate`.\n",
    });
  });
});

describe("doctor", () => {
  test("tells what it found, how to mend it, and ends with an error", async () => {
    const { exitCode, out } = await run("doctor", "--within", "app");
    expect(exitCode).toBe(1);
    expect(out).toContain(
      "\nerror[row-security-off] app.invoice\n  Whoever may read the table sees the rows of every org.\n  Run `tenantry isolate app.invoice`, or:\n    alter table app.invoice enable row level security;\n",
    );
    expect(out).toMatch(/\n3 findings in postgres:\S+, looked at as postgres: 2 tables with org_id\.\n$/);
  });

  test("is content once all is mended, or accepted by name", async () => {
    const { findings } = JSON.parse((await run("doctor", "--json")).out);
    for (const { sql } of findings) for (const statement of sql) await client.query(statement);
    expect((await run("doctor")).exitCode).toBe(1);
    const accepted = await run("doctor", "--accept", "login-bypasses:postgres");
    expect(accepted.exitCode).toBe(0);
    expect(accepted.out).toMatch(/\nNo leak found in .*, 1 accepted finding\.\n$/);
    const misspelt = await run("doctor", "--accept", "login-bypasses:other");
    expect(misspelt.exitCode).toBe(1);
    expect(misspelt.talk).toContain("--accept login-bypasses:other: there is no such finding here");
  });

  test.each([
    [
      ["--within", "ap"],
      /^error\[schema-missing\] There is no schema ap in postgres:\S+\. Did you mean app\?\n$/,
    ],
    [
      ["--within", "app", "--within", "nosuch"],
      /^error\[schema-missing\] There is no schema nosuch in \S+\.\n$/,
    ],
    [
      ["--schema", "tenantri"],
      /^error\[schema-missing\] There is no schema tenantri .* Did you mean tenantry\?\n$/,
    ],
    [
      ["--within", "no", "--schema", "nosuch"],
      /There is no schema no in \S+\.\n {2}There is no schema nosuch in /,
    ],
  ])("finds no database without leaks where a name is misspelt: %j", async (args, told) => {
    expect(await run("doctor", ...args)).toEqual({
      exitCode: 1,
      out: "",
      talk: expect.stringMatching(told),
    });
  });

  test("tells data by ids that stay", async () => {
    const { format, findings, accepted, unseen } = JSON.parse(
      (await run("doctor", "--json", "--accept", "login-bypasses")).out,
    );
    expect({ format, accepted, unseen }).toEqual({ format: "tenantry/doctor/v1", accepted: 1, unseen: [] });
    expect(findings[0]).toEqual({
      id: "row-security-off",
      severity: "error",
      where: expect.stringMatching(/^app\./),
      risk: expect.any(String),
      mend: expect.any(String),
      sql: expect.any(Array),
    });
  });

  test("finds nothing in a new embedded database", async () => {
    await tenantryInProcess(directory, ["migrate"]);
    const { exitCode, out } = await tenantryInProcess(directory, ["doctor"]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^note\[server-version\]|^note\[login-bypasses\]/);
    expect(out).toContain("\nNo leak found in the embedded database in .tenantry");
  }, 60_000);
});

test("SQL that is printed runs in psql as it stands", async () => {
  const psql = spawnSync("psql", ["-v", "ON_ERROR_STOP=1", "-qX", url], {
    input: (await run("isolate", "app.invoice")).out,
  });
  if (psql.error) return;
  expect(psql.stderr.toString()).toBe("");
  expect((await run("isolate", "app.invoice")).out).toMatch(/nothing to do/);
});
