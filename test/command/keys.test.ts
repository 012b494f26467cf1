import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openDatabase } from "../../src/database/connect.ts";
import { sampleDirectory, tenantryInProcess } from "../command.ts";
import { serverDatabase } from "../server-database.ts";

let directory: ReturnType<typeof sampleDirectory>;
let database: string;
const run = (...args: string[]) =>
  tenantryInProcess(directory.path, args, {
    DATABASE_URL: database,
    TENANTRY_ROLE_PREFIX: inject("engines").rolePrefix,
  });
const keyText = /^fl_[\w-]{48}\n$/;

beforeAll(async () => {
  database = await serverDatabase("keys");
  directory = sampleDirectory();
  // An end that has passed would be told.
  const acme = join(directory.path, "tenants/orgs/acme.yaml");
  writeFileSync(acme, readFileSync(acme, "utf8").replace("expires: 2027-06-30", "expires: 2999-06-30"));
  expect((await run("apply", "--yes")).exitCode).toBe(0);
});

afterAll(() => directory?.remove());

async function listed(...args: string[]): Promise<string[]> {
  const { keys } = JSON.parse((await run("keys", "list", ...args, "--json")).out);
  return keys.map((key: Record<string, string>) => `${key.org ?? "services"} ${key.name} ${key.standing}`);
}

test("a key is minted, rotated and revoked; it alone is on standard output, once", async () => {
  expect((await run("keys", "list")).out).toMatch(
    /^org +name .*\nacme +warehouse +not minted .*mint it: tenantry keys create acme warehouse\n$/,
  );
  const made = await run("keys", "create", "acme", "warehouse");
  expect(made).toMatchObject({ exitCode: 0, out: expect.stringMatching(keyText) });
  expect(made.talk).toMatch(
    /^Key warehouse of acme, id [0-9a-f-]{36}, works until 2999-06-30 00:00Z\. It is shown this once/,
  );
  expect(made.talk).not.toContain("fl_");
  const again = await run("keys", "create", "acme", "warehouse");
  expect(again).toMatchObject({ exitCode: 1, out: "" });
  expect(again.talk).toMatch(/^error\[key-minted\] .*tenantry keys rotate acme warehouse\n$/);

  const rotated = await run("keys", "rotate", "acme", "warehouse", "--grace", "2h");
  expect(rotated).toMatchObject({ exitCode: 0, out: expect.stringMatching(keyText) });
  expect(rotated.talk).toMatch(/The one of before works until \d{4}-\d\d-\d\d \d\d:\d\dZ/);
  expect(rotated.out).not.toBe(made.out);
  const table = (await run("keys", "list")).out;
  expect(table).not.toContain("fl_");
  expect(table.match(/acme +warehouse +live/g)).toHaveLength(2);

  const revoked = await run("keys", "revoke", "acme", "warehouse");
  expect(revoked.out).toMatch(/^(Revoked [0-9a-f-]{36}\.\n){2}$/);
  expect(await listed("acme")).toEqual(["acme warehouse revoked", "acme warehouse revoked"]);
  expect((await run("keys", "rotate", "acme", "warehouse")).talk).toMatch(/^error\[key-not-minted\]/);
});

test("a service's key may have an end, and prints as data", async () => {
  const made = JSON.parse(
    (await run("keys", "create", "--service", "worker", "--expires", "2999-01-01", "--json")).out,
  );
  expect(made).toMatchObject({
    format: "tenantry/key/v1",
    org: null,
    name: "worker",
    key: expect.stringMatching(/^fl_/),
    expires: "2999-01-01T00:00:00Z",
    ending: [],
  });
  const rotated = JSON.parse(
    (await run("keys", "rotate", "--service", "worker", "--grace", "0", "--json")).out,
  );
  expect(rotated).toMatchObject({ expires: made.expires, ending: [made.id] });
  const revoked = JSON.parse((await run("keys", "revoke", "--id", rotated.id, "--json")).out);
  expect(revoked).toEqual({ format: "tenantry/keys-revoked/v1", revoked: [rotated.id] });
  expect((await run("keys", "revoke", "--id", rotated.id)).talk).toMatch(/^error\[key-not-minted\]/);
  expect((await listed()).filter((line) => line.startsWith("services"))).toEqual([
    "services worker revoked",
    "services worker revoked",
  ]);
});

test("what no manifest declares is not minted, and it is said what to write where", async () => {
  const { exitCode, out, talk } = await run("keys", "create", "acme", "warehose");
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
  expect(talk).toBe(
    [
      `error[undeclared-key] acme declares no key "warehose". Did you mean "warehouse"?`,
      "  What a key may do is the manifest's to say. Write it in tenants/orgs/acme.yaml, and apply it:",
      "    api_keys:",
      "      warehose: { scopes: [members:read] }",
      "",
    ].join("\n"),
  );
  expect((await run("keys", "create", "acmee", "warehouse")).talk).toMatch(
    /^error\[unknown-org\] .*Did you mean "acme"\?/,
  );
});

test.each([
  [["create", "acme"], /Say whose key/],
  [["create", "acme", "warehouse", "--service", "worker"], /say one of them/],
  [["create", "acme", "warehouse", "--expires", "2999-01-01"], /api_keys\.warehouse\.expires/],
  [["create", "--service", "worker", "--expires", "2001-01-01"], /is past/],
  [["create", "--service", "a worker"], /letters, digits/],
  [["rotate", "acme", "warehouse", "--grace", "soon"], /is not a duration/],
  [["revoke", "acme", "warehouse", "--id", "3f1c8a52-0000-4000-8000-000000000000"], /leave out whose/],
  [["revoke", "--id", "first"], /is a UUID/],
  [["list", "acmee"], /Did you mean "acme"\?/],
])("keys %j is refused", async (args, said) => {
  const { exitCode, out, talk } = await run("keys", ...args);
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
  expect(talk).toMatch(said);
});

test("audit tells of keys with the rest, in the order of time, in text and as data", async () => {
  const { out } = await run("audit", "acme");
  expect(out).toMatch(/^acme {3}1 transaction · 5 key events\n/);
  expect(out).toMatch(/Z {2}key warehouse revoked, by tenantry, role \S+, for .+\n/);
  expect(out.indexOf("key warehouse created")).toBeLessThan(out.indexOf("revision 1 by"));
  const { events } = JSON.parse((await run("audit", "acme", "--json")).out);
  const [first] = events;
  expect(first).toMatchObject({ action: "revoked", kind: "access", address: "acme/api_key/warehouse" });
  expect(events.map(({ kind }: { kind: string }) => kind === "access").indexOf(false)).toBe(5);
  expect((await run("audit", "acme", "--kind", "trace")).out).not.toContain("key warehouse");
  expect((await run("audit", "acme", "--limit", "2")).out).toMatch(/Only the newest 2 events/);
  expect((await run("audit", "catalog")).out).toMatch(/key worker created/);
  expect((await run("audit", "acmee")).talk).toMatch(/Did you mean "acme"/);
});

test("what ended by its manifest is not minted, and it is said what to write where", async () => {
  const { pool } = await openDatabase({ url: database, rolePrefix: inject("engines").rolePrefix });
  const setEnd = (end: string) => pool.query("update tenantry.api_key set expires = $1", [end]);
  await setEnd("2020-01-01");
  for (const verb of ["create", "rotate"]) {
    const { exitCode, out, talk } = await run("keys", verb, "acme", "warehouse");
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(talk).toBe(
      "error[key-ended] By its manifest key warehouse of acme ended on 2020-01-01 00:00Z: none that is made now would work. Write a later api_keys.warehouse.expires in tenants/orgs/acme.yaml, and apply it.\n",
    );
  }
  await setEnd("2999-06-30");
  await pool.end();
});
