import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sampleDirectory, tenantry } from "../command.ts";

let directory: ReturnType<typeof sampleDirectory>;

beforeEach(() => {
  directory = sampleDirectory();
});

afterEach(() => directory.remove());

const run = (...args: string[]) => tenantry(directory.path, args);

function edit(file: string, before: string, after: string): void {
  const path = join(directory.path, "tenants", file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  writeFileSync(path, text.replace(before, after));
}

describe("validate", () => {
  test("says what it found, and needs no database", () => {
    const { exitCode, out, talk } = run("validate");
    expect(out).toMatch(/^Valid\. 7 files, 3 orgs, \d+ resources; 3 tests passed\.\n$/);
    expect({ exitCode, talk }).toEqual({ exitCode: 0, talk: "" });
  });

  test("tells of three mistakes in a file at once, each at its place, without a stack", () => {
    edit("orgs/acme.yaml", "bo@acme.example: [admin, auditor]", "bo@acme.example: [amdin, auditor]");
    edit("orgs/acme.yaml", "billing: ap@acme.example", "billing: nobody");
    edit("orgs/acme.yaml", "retention_days: 14", "retenton_days: 14");
    const { exitCode, out, talk } = run("validate");
    expect(exitCode).toBe(1);
    expect(out).toBe("");
    expect(talk).toMatch(/error\[unknown-role\][\s\S]*acme\.yaml:27:21[\s\S]*Did you mean "admin"\?/);
    expect(talk).toMatch(/error\[bad-email\][\s\S]*acme\.yaml:10:49/);
    expect(talk).toMatch(
      /error\[unknown-field\][\s\S]*acme\.yaml:70:44[\s\S]*Did you mean "retention_days"\?/,
    );
    expect(talk).toMatch(/3 problems in 1 file\n$/);
    expect(talk).not.toMatch(/\n\s+at /);
  });

  test("prints the same as data", () => {
    edit("orgs/acme.yaml", "billing: ap@acme.example", "billing: nobody");
    const { exitCode, out } = run("validate", "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      format: "tenantry/diagnostics/v1",
      diagnostics: [{ code: "bad-email", file: "tenants/orgs/acme.yaml", line: 10, column: 49 }],
    });
  });

  test("refuses with a code of its own where only a catalog test fails, and names the rule that decided", () => {
    edit("catalog.yaml", "flags.new_dashboard: true", "flags.new_dashboard: false");
    const { exitCode, talk } = run("validate");
    expect(exitCode).toBe(4);
    expect(talk).toContain("catalog/flag/new_dashboard#rules/0");
  });

  test("says so where there is nothing to read", () => {
    const missing = run("validate", "--dir", "nowhere");
    expect(missing.exitCode).toBe(1);
    expect(missing.talk).toContain("There is no directory nowhere.");
    mkdirSync(join(directory.path, "empty"));
    expect(run("validate", "--dir", "empty").exitCode).toBe(1);
  });
});

describe("explain", () => {
  test("shows where values come from: the org, a template, a plan", () => {
    const { exitCode, out } = run("explain", "acme");
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /security\.require_mfa +true +template regulated +tenants\/catalog\/templates\.yaml:15/,
    );
    expect(out).toMatch(/seats +unlimited +catalog\/plan\/enterprise@1 +tenants\/catalog\/plans\.yaml:34/);
    expect(out).toMatch(
      /api_calls +250_000\/month +acme\/entitlement\/api_calls +tenants\/orgs\/acme\.yaml:17/,
    );
  });

  test("suggests the org that was meant", () => {
    expect(run("explain", "acmee")).toMatchObject({
      exitCode: 1,
      talk: expect.stringContaining('Did you mean "acme"?'),
    });
  });
});

describe("on the embedded database", () => {
  test("plan, apply, plan again, edit, plan, apply", () => {
    const first = run("plan", "--detailed-exitcode");
    expect(first.exitCode).toBe(2);
    expect(first.talk).toContain("Making the embedded database");
    expect(first.out).toMatch(/\+ member\/ana@acme\.example +roles +owner +tenants\/orgs\/acme\.yaml:26/);

    const refused = run("apply");
    expect(refused.exitCode).toBe(1);
    expect(refused.talk).toContain("Say --yes");
    expect(run("plan", "--detailed-exitcode").exitCode).toBe(2);

    const applied = run("apply", "--yes");
    expect(applied.exitCode).toBe(0);
    expect(applied.out).toMatch(
      /Applied\. \d+ rows in one transaction, [\d.]+ s; the estate is at revision 1\./,
    );

    const again = run("plan", "--detailed-exitcode");
    expect(again).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining("No changes. 3 orgs as declared."),
    });

    edit("orgs/globex.yaml", "lee@globex.example: admin", "lee@globex.example: [admin, owner]");
    const edited = run("plan");
    expect(edited.exitCode).toBe(0);
    expect(edited.out).toMatch(/~ member\/lee@globex\.example +roles +\+ owner/);
    expect(edited.out).toMatch(/\n1 change · 1 to update · in 1 org\n/);
    expect(run("apply", "--yes").out).toContain("revision 2");

    edit("orgs/globex.yaml", "  lee@globex.example: [admin, owner]\n", "");
    const removed = JSON.parse(run("apply", "--yes", "--json").out);
    expect(removed).toMatchObject({
      format: "tenantry/plan/v1",
      applied: true,
      revision: 3,
      summary: { delete: 3 },
    });

    const shown = run("show", "globex");
    expect(shown.out).toContain("kim@globex.example");
    expect(shown.out).not.toContain("lee@globex.example");
    expect(run("show", "globx")).toMatchObject({
      exitCode: 1,
      talk: expect.stringContaining('Did you mean "globex"?'),
    });
  }, 60_000);

  test("bad input never reaches it", () => {
    edit("orgs/acme.yaml", "ana@acme.example: owner", "ana@acme.example: ownr");
    const { exitCode, out, talk } = run("apply", "--yes");
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(talk).not.toContain("embedded database");
  });

  test("an org whose file is gone stops the plan, by name, and nothing is applied", () => {
    expect(run("apply", "--yes").exitCode).toBe(0);
    rmSync(join(directory.path, "tenants/orgs/initech.yaml"));
    edit("orgs/globex.yaml", "name: Globex Ltd", "name: Globex Limited");
    const { exitCode, out } = run("apply", "--yes");
    expect(exitCode).toBe(4);
    expect(out).toMatch(/BLOCKED undeclared-org +initech\n.*Absence never deletes an org\./);
    expect(run("show", "globex").out).toContain("Globex Ltd");
  }, 60_000);
});

test("init writes an estate that plans, and never overwrites one", () => {
  const fresh = ["--dir", "fresh"];
  expect(run("init", ...fresh).exitCode).toBe(0);
  expect(run("validate", ...fresh).exitCode).toBe(0);
  expect(run("init", ...fresh)).toMatchObject({ exitCode: 1, talk: expect.stringContaining("not empty") });
});

test("what is not a command or option is told, with what was meant", () => {
  expect(run("plann")).toMatchObject({ exitCode: 1, talk: expect.stringContaining("Did you mean plan?") });
  expect(run("plan", "--databse", "x").exitCode).toBe(1);
  expect(run("plan", "--database", "mysql://somewhere/x")).toMatchObject({
    exitCode: 1,
    talk: expect.stringContaining("PostgreSQL"),
  });
});
