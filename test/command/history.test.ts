import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sample, sampleWithDatabase, tenantryInProcess } from "../command.ts";

let directory: Sample;
const run = (...args: string[]) => tenantryInProcess(directory.path, args);

beforeAll(async () => {
  directory = sampleWithDatabase();
  expect((await run("apply", "--yes", "--actor", "dora", "--commit", "first")).exitCode).toBe(0);
  const path = join(directory.path, "tenants/orgs/acme.yaml");
  const text = readFileSync(path, "utf8")
    .replace("bo@acme.example: [admin, auditor]", "bo@acme.example: auditor")
    .replace("retention_days: 14", "retention_days: 30");
  writeFileSync(path, text);
  expect((await run("apply", "--yes", "--actor", "ana", "--commit", "second")).exitCode).toBe(0);
}, 60_000);

afterAll(() => directory.remove());

describe("history", () => {
  test("lists revisions: when, who, commit, rows", async () => {
    const { out } = await run("history");
    expect(out).toMatch(/^revision {2}when +by +commit +rows\n/);
    expect(out).toMatch(/\n {7}2 {2}\d{4}-\d\d-\d\d \d\d:\d\dZ {2}ana {3}second {2}~1 -1 in 1 org\n/);
    expect(out).toMatch(/\n {7}1 .* dora {2}first {3}\+\d+ in 3 orgs\n$/);
    const { format, revisions } = JSON.parse((await run("history", "--json", "--limit", "1")).out);
    expect(format).toBe("tenantry/history/v1");
    expect(revisions).toMatchObject([{ revision: 2, actor: "ana", commit: "second", orgs: 1 }]);
  });

  test("shows what one revision changed", async () => {
    const { out } = await run("history", "2");
    expect(out).toMatch(/^revision 2 {3}second by ana/);
    expect(out).toContain("  ~ member/bo@acme.example  roles  - admin\n");
    expect(out).toContain("  ~ trace                   retention_days  14 → 30\n");
    const { changes } = JSON.parse((await run("history", "2", "--json")).out);
    expect(changes.map(({ address }: { address: string }) => address)).toEqual([
      "acme/binding/bo@acme.example:admin",
      "acme/trace",
    ]);
  });

  test("says which revisions there are where it is asked for another", async () => {
    const { exitCode, talk } = await run("history", "9");
    expect({ exitCode, talk }).toEqual({
      exitCode: 1,
      talk: "error[unknown-revision] There is no revision 9 in the embedded database in .tenantry. The newest is 2.\n",
    });
    expect((await run("history", "first")).exitCode).toBe(1);
  });
});

describe("audit", () => {
  test("shows each transaction with who made it and what it changed, newest first", async () => {
    const { out } = await run("audit", "acme", "--since", "1d");
    expect(out).toMatch(/^acme, since .*Z {3}2 transactions\n/);
    expect(out).toMatch(
      /\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}revision 2 by ana, second\n {2}~ member\/bo@acme/,
    );
    expect(out.indexOf("revision 2")).toBeLessThan(out.indexOf("revision 1 by dora, first"));
    expect((await run("audit", "acme", "--since", "2199-01-01")).out).toMatch(/: nothing changed\.\n$/);
  });

  test("can be had of one kind, and of so many events", async () => {
    const { events, hasMore } = JSON.parse((await run("audit", "acme", "--kind", "trace", "--json")).out);
    expect(hasMore).toBe(false);
    expect(events).toMatchObject([
      {
        action: "update",
        address: "acme/trace",
        fields: [{ field: "retention_days", before: 14, after: 30 }],
        revision: 2,
        by: { actor: "ana" },
      },
      { action: "create", revision: 1 },
    ]);
    expect((await run("audit", "acme", "--limit", "1")).out).toMatch(
      /Only the newest 1 event; --limit shows more\.\n$/,
    );
  });

  test("finds the catalog and an org by its id, and names what was probably meant", async () => {
    const { id } = JSON.parse((await run("show", "acme", "--json")).out);
    expect((await run("audit", id)).out).toMatch(/^acme \(asked for as /);
    expect((await run("audit", "catalog")).out).toContain("+ role/owner");
    expect((await run("audit", "acmee")).talk).toMatch(/There is no org "acmee".*Did you mean "acme"\?/);
    expect((await run("audit", "acme", "--kind", "membre")).talk).toMatch(/There is no kind "membre"/);
    expect((await run("audit", "acme", "--since", "yesterday")).talk).toMatch(/30d/);
  });
});

describe("what was, and what changed since", () => {
  test("shows an org as of a revision", async () => {
    expect((await run("show", "acme", "--at", "1")).out).toMatch(/bo@acme\.example +roles admin, auditor/);
    expect((await run("show", "acme")).out).toMatch(/bo@acme\.example +roles auditor/);
    expect((await run("show", "acme", "--at", "3")).talk).toMatch(/There is no revision 3/);
    expect((await run("show", "acmee", "--at", "1")).talk).toMatch(/at revision 1\. Did you mean "acme"\?/);
  });

  test("plan --from shows what changed in the database, and by whom", async () => {
    const { out, exitCode } = await run("plan", "--from", "1", "--detailed-exitcode");
    expect(exitCode).toBe(2);
    expect(out).toMatch(/^from revision 1 to revision 2 and what was written since/);
    expect(out).toMatch(
      /\nacme {3}revision 2 by ana, .*\n {2}~ member\/bo@acme.example {2}roles {2}- admin\n/,
    );
    expect((await run("plan", "--from", "2")).out).toMatch(/nothing changed\.\n$/);
    expect((await run("plan", "--from", "4")).exitCode).toBe(1);
  });
});
