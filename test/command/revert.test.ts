import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sample, sampleWithDatabase, tenantryInProcess } from "../command.ts";

let directory: Sample;
const run = (...args: string[]) => tenantryInProcess(directory.path, args);
const file = (name: string) => join(directory.path, "tenants", name);
const read = (name: string) => readFileSync(file(name), "utf8");

beforeEach(async () => {
  directory = sampleWithDatabase();
  expect((await run("apply", "--yes")).exitCode).toBe(0);
}, 60_000);

afterEach(() => directory.remove());

function edit(name: string, ...edits: readonly (readonly [before: string, after: string])[]): void {
  let text = read(name);
  for (const [before, after] of edits) {
    expect(text).toContain(before);
    text = text.replace(before, after);
  }
  writeFileSync(file(name), text);
}

test("takes back members, roles, overrides, fields and a new org, and mends the manifests", async () => {
  edit(
    "orgs/acme.yaml",
    ["bo@acme.example: [admin, auditor]", "bo@acme.example: auditor"],
    ["  cy@contractor.example: { workspaces: { web: editor }, attributes: { department: design } }\n", ""],
    [", cy@contractor.example]", "]"],
    ["new_dashboard: true", "new_dashboard: false"],
    ["name: Acme Corp", "name: Acme Inc"],
    ["plan: enterprise@1, cycle: annual", "plan: enterprise@1, cycle: monthly"],
    ["flags: { new_dashboard: false }", "flags: { new_dashboard: true }"],
  );
  writeFileSync(file("orgs/initech.yaml"), `${read("orgs/initech.yaml")}  eve@initech.example: member\n`);
  writeFileSync(
    file("orgs/hooli.yaml"),
    "apiVersion: tenantry/v1\norg: hooli\nmembers:\n  gavin@hooli.example: owner\n",
  );
  expect((await run("apply", "--yes")).exitCode).toBe(0);
  const before = read("orgs/acme.yaml");
  // The org is new since: that it goes has to be let pass by name.
  const stopped = await run("revert", "2", "--patch");
  expect(stopped.exitCode).toBe(4);
  expect(stopped.out).toMatch(/BLOCKED purge {2}hooli\n/);
  const shown = await run("revert", "2", "--patch", "--allow", "purge:hooli");
  expect(shown.exitCode).toBe(1);
  expect(shown.out).toMatch(/\+ {2}cy@contractor\.example: /);
  expect(shown.out).toContain("+++ /dev/null");
  expect(shown.out).not.toContain("by hand");
  expect(read("orgs/acme.yaml")).toBe(before);

  const { exitCode, out } = await run("revert", "2", "--patch", "--write", "--yes", "--allow", "purge:hooli");
  expect(exitCode).toBe(0);
  expect(out).toMatch(/Applied\. \d+ rows in one transaction, .* the estate is at revision 3\.\n$/);
  expect(existsSync(file("orgs/hooli.yaml"))).toBe(false);
  expect((await run("plan")).out).toContain("No changes.");
  expect((await run("show", "acme")).out).toBe((await run("show", "acme", "--at", "1")).out);
  expect((await run("history", "--limit", "1")).out).toContain("Revert revision 2");
  expect((await run("revert", "2", "--yes")).out).toBe("Nothing of revision 2 is left to take back.\n");
}, 60_000);

test("warns that the next apply brings it back where the manifests are not edited", async () => {
  edit("orgs/acme.yaml", ["retention_days: 14", "retention_days: 30"]);
  expect((await run("apply", "--yes", "--commit", "9f3c2e1")).exitCode).toBe(0);
  const { exitCode, talk } = await run("revert", "2", "--yes");
  expect(exitCode).toBe(0);
  expect(talk).toMatch(/the next apply brings it back\.\n.*--patch --write, or revert the commit 9f3c2e1/);
  const plan = await run("plan", "--detailed-exitcode");
  expect(plan.exitCode).toBe(2);
  expect(plan.out).toMatch(/retention_days +14 → 30/);
}, 60_000);

test("says which minted keys work again, and which cease to", async () => {
  expect((await run("keys", "create", "acme", "warehouse")).exitCode).toBe(0);
  edit("orgs/acme.yaml", ["warehouse: { description: Stock", "depot: { description: Stock"]);
  const { out } = await run("apply", "--yes");
  expect(out).toMatch(/acme\/api_key\/warehouse {2}minted, and .*: ceases to work\n/);
  expect((await run("keys", "create", "acme", "depot")).exitCode).toBe(0);
  expect((await run("revert", "2")).out).toMatch(
    /\nKeys\n.*\/depot +minted, .*: ceases to work\n.*\/warehouse +minted before, .*: works again\n/,
  );
}, 60_000);

test("brings an org back that was deleted, with a manifest of its own", async () => {
  writeFileSync(
    file("orgs/hooli.yaml"),
    "apiVersion: tenantry/v1\norg: hooli\nname: Hooli\nmembers:\n  gavin@hooli.example: owner\nflags: { new_dashboard: true }\n",
  );
  expect((await run("apply", "--yes")).exitCode).toBe(0);
  expect((await run("revert", "2", "--patch", "--write", "--yes", "--allow", "purge:hooli")).exitCode).toBe(
    0,
  );
  expect((await run("plan")).out).toContain("No changes.");
  expect((await run("revert", "3", "--patch", "--write", "--yes")).exitCode).toBe(0);
  expect(read("orgs/hooli.yaml")).toContain("gavin@hooli.example: owner");
  expect((await run("plan")).out).toContain("No changes.");
}, 60_000);

test("names what has to be edited by hand, and stops at conflicts until they are let pass by name", async () => {
  edit("catalog/flags.yaml", ["rollout: 25%", "rollout: 50%"]);
  edit("orgs/acme.yaml", ["retention_days: 14", "retention_days: 30"]);
  expect((await run("apply", "--yes")).exitCode).toBe(0);
  edit("orgs/acme.yaml", ["retention_days: 30", "retention_days: 60"]);
  expect((await run("apply", "--yes")).exitCode).toBe(0);
  const stopped = await run("revert", "2", "--yes", "--patch");
  expect(stopped.exitCode).toBe(4);
  expect(stopped.out).toMatch(/BLOCKED revert-conflict {2}acme\/trace/);
  expect(stopped.out).toMatch(/To be edited by hand.*:\n {2}catalog\/flag\/new_dashboard\n/);
  const passed = await run("revert", "2", "--yes", "--allow", "revert-conflict:acme/trace", "--json");
  expect(passed.exitCode).toBe(0);
  expect(JSON.parse(passed.out)).toMatchObject({
    format: "tenantry/plan/v1",
    reverts: 2,
    revision: 4,
    applied: true,
    allowed: [{ code: "revert-conflict", subject: "acme/trace" }],
  });
}, 60_000);
