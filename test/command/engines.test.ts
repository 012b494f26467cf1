import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { sampleDirectory, tenantry } from "../command.ts";
import { eachEngine, urls } from "../engines.ts";

let directory: ReturnType<typeof sampleDirectory>;

beforeEach(() => {
  directory = sampleDirectory();
});

afterEach(() => directory.remove());

eachEngine("the commands", (open, engine) => {
  test("migrate, plan, apply and show", async () => {
    const database = await open({ empty: true });
    const server = {
      DATABASE_URL: urls.get(database) ?? "",
      TENANTRY_ROLE_PREFIX: inject("engines").rolePrefix,
    };
    const run = (...args: string[]) => tenantry(directory.path, args, engine === "postgres" ? server : {});

    if (engine === "postgres") {
      const early = run("plan");
      expect(early).toMatchObject({ exitCode: 1, out: "" });
      expect(early.talk).toMatch(/^error\[schema-missing\] .*Run `tenantry migrate`\.\n$/);
      expect(run("migrate").out).toMatch(/was brought up to date, version \d+\.\n$/);
    }
    expect(run("migrate").out).toMatch(/is up to date, version \d+\.\n$/);
    expect(run("plan", "--detailed-exitcode").exitCode).toBe(2);
    expect(run("apply", "--yes").out).toContain("revision 1");
    const again = run("plan", "--detailed-exitcode");
    expect(again).toMatchObject({ exitCode: 0, out: expect.stringContaining("No changes.") });
    expect(run("show", "acme").out).toContain("ana@acme.example");
  }, 60_000);
});

test("a server that does not answer is said so, without its password", () => {
  const { exitCode, talk } = tenantry(directory.path, [
    "plan",
    "--database",
    "postgres://me:hunter2@127.0.0.1:1/x",
  ]);
  expect(exitCode).toBe(1);
  expect(talk).toContain("error[database-unreachable]");
  expect(talk).not.toContain("hunter2");
});
