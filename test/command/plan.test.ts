import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sample, sampleWithDatabase, tenantryInProcess } from "../command.ts";

let directory: Sample;

beforeAll(async () => {
  directory = sampleWithDatabase();
  expect((await run("apply", "--yes")).exitCode).toBe(0);
  const path = join(directory.path, "tenants/orgs/globex.yaml");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace("lee@globex.example: admin", "lee@globex.example: [admin, owner]"));
}, 120_000);

afterAll(() => directory.remove());

const run = (...args: string[]) => tenantryInProcess(directory.path, args);

test("says what changes, what that decides and how to undo it", async () => {
  const { exitCode, out } = await run("plan");
  expect(exitCode).toBe(0);
  expect(out).toMatch(/\n1 change · 1 to update · in 1 org\n/);
  expect(out).toMatch(/\nWhat this decides\n/);
  expect(out).toMatch(/undo: tenantry revert 2\n$/);
});

test("prints the same as data, which its schema describes", async () => {
  const data = JSON.parse((await run("plan", "--json")).out);
  const isValid = new Ajv2020().compile(JSON.parse((await run("schema", "plan")).out));
  isValid(data);
  expect(isValid.errors ?? []).toEqual([]);
  expect(data.summary).toMatchObject({ changes: 1, fromGit: 1, drift: 0, create: 1 });
  expect(data.impact.permissions).not.toEqual([]);
});

test("prints a comment, or writes it to a file", async () => {
  const { out } = await run("plan", "--markdown");
  expect(out).toMatch(/^<!-- tenantry plan: tenants with the embedded database/);
  expect(out).toContain("<details open><summary><b><code>globex</code></b> 1 change</summary>");
  expect(await run("plan", "--markdown", "plan.md")).toMatchObject({ exitCode: 0, out: "" });
  expect(readFileSync(join(directory.path, "plan.md"), "utf8").split("\n").slice(1, 2)).toEqual(
    out.split("\n").slice(1, 2),
  );
});

test("says so where the file cannot be written", async () => {
  const { exitCode, talk } = await run("plan", "--markdown", "nowhere/plan.md");
  expect(exitCode).toBe(1);
  expect(talk).toMatch(/ENOENT/);
  if (!existsSync("/dev/full")) return;
  expect(await run("plan", "--markdown", "/dev/full")).toMatchObject({
    exitCode: 1,
    talk: expect.stringMatching(/ENOSPC/),
  });
});

test("shows drift alone, and there is none", async () => {
  const { exitCode, out } = await run("plan", "--drift-only");
  expect(exitCode).toBe(0);
  expect(out).not.toContain("globex");
});

test("two outputs at once are refused", async () => {
  expect(await run("plan", "--json", "--markdown")).toMatchObject({
    exitCode: 1,
    out: expect.stringContaining('"code": "usage"'),
  });
  expect((await run("plan", "--drift-only", "--out", "saved.plan")).exitCode).toBe(1);
  expect(existsSync(join(directory.path, "saved.plan"))).toBe(false);
});

test("what goes wrong outside of the manifests is data where data is asked for", async () => {
  const refused = await run("plan", "--json", "--database", "postgres://nobody@127.0.0.1:1/none");
  expect(refused).toMatchObject({ exitCode: 1, talk: "" });
  expect(JSON.parse(refused.out)).toEqual({
    error: { code: "database-unreachable", message: expect.any(String) },
  });
  expect(JSON.parse((await run("show", "acmee", "--json")).out)).toEqual({
    error: { code: "unknown-org", message: expect.stringContaining('Did you mean "acme"?') },
  });
});
