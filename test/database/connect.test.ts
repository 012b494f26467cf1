import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { openDatabase } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { eachEngine } from "../engines.ts";

it.each([
  ["nobody listens", "postgres://ana:s3cret@127.0.0.1:1/estate", "postgres://ana@127.0.0.1:1/estate"],
  [
    "the name is unknown",
    "postgres://ana:s3cret@nowhere.invalid/estate",
    "postgres://ana@nowhere.invalid/estate",
  ],
  ["the address is none", "postgres://s3cret@[", "the given address"],
])("says where no database answers, without the password, when %s", async (_, url, place) => {
  const error = await openDatabase({ url }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "database-unreachable", message: expect.stringContaining(place) });
  expect(String(error)).not.toContain("s3cret");
});

it("says that the database is not there", async () => {
  const url = Object.assign(new URL(inject("engines").url), { pathname: "/tenantry_no_such_database" });
  await expect(openDatabase({ url: url.href })).rejects.toThrow(/does not exist/);
});

it.each([
  [
    "nothing is there to make it in",
    join(tmpdir(), "tenantry-nowhere", "deep"),
    "no directory to make it in",
  ],
  ["a file stands there", import.meta.filename, "a file of that name"],
  ["a file stands above", join(import.meta.filename, "x"), "what stands above it is a file"],
])("says why an embedded database cannot be kept where %s", async (_, directory, reason) => {
  await expect(openDatabase({ directory })).rejects.toMatchObject({
    code: "database-unreachable",
    message: expect.stringContaining(reason),
  });
});

it("refuses a directory that holds something else, and touches nothing in it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-foreign-"));
  mkdirSync(join(directory, "data"));
  writeFileSync(join(directory, "data", "customers.csv"), "kept");
  await expect(openDatabase({ directory })).rejects.toThrow(/holds other files/);
  expect(readdirSync(directory, { recursive: true })).toEqual(["data", join("data", "customers.csv")]);
  rmSync(directory, { recursive: true });
});

it("makes an embedded database once", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-embedded-"));
  const told: string[] = [];
  for (let times = 0; times < 2; times++) {
    const database = await openDatabase({ directory, onFirstUse: (where) => told.push(where) });
    expect(database).toMatchObject({ engine: "pglite", place: directory });
    await database.close();
  }
  expect(told).toEqual([directory]);
  rmSync(directory, { recursive: true });
});

eachEngine("a connection", (open) => {
  it("is refused where the roles have another prefix, rather than working as the login", async () => {
    const database = await open();
    const mistyped = { ...database, rolePrefix: "typo_", roles: null };
    await expect(inTransaction(mistyped, "app", {}, async () => {})).rejects.toMatchObject({
      code: "wrong-role-prefix",
    });
  });

  it("is called what the caller wants in the audit", async () => {
    const database = await open();
    const { rows } = await database.pool.query("show application_name");
    expect(rows).toEqual([{ application_name: "tenantry" }]);
  });
});
