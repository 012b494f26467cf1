import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { tenantryInProcess } from "../command.ts";
import { eachEngine, urls } from "../engines.ts";

const example = join(import.meta.dirname, "../../examples/estates");
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tenantry-estates-"));
  cpSync(join(example, "tenants"), join(directory, "tenants"), { recursive: true });
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

eachEngine("two estates from the same manifests, in one database", (open, engine) => {
  it("hold the common orgs as their overlays have them, and do not touch each other", {
    timeout: 120_000,
  }, async () => {
    const database = await open({ empty: true });
    const TENANTS_DATABASE_URL = engine === "postgres" ? urls.get(database) : "./.tenantry";
    const run = (estate: string, ...args: string[]) => {
      // Roles belong to the whole server, which other tests share.
      const prefix = ["--role-prefix", `${inject("engines").rolePrefix}${estate}_`];
      const takesPrefix = engine === "postgres" && !["validate", "explain"].includes(args[0] ?? "");
      const all = [...args, "--estate", estate, ...(takesPrefix ? prefix : [])];
      return tenantryInProcess(directory, all, { TENANTS_DATABASE_URL });
    };
    for (const estate of ["production", "staging"]) {
      expect(await run(estate, "migrate"), estate).toMatchObject({ exitCode: 0 });
      expect(await run(estate, "plan", "--detailed-exitcode"), estate).toMatchObject({ exitCode: 2 });
      expect((await run(estate, "apply", "--yes")).out).toContain("the estate is at revision 1");
    }
    for (const estate of ["production", "staging"])
      expect((await run(estate, "plan", "--detailed-exitcode")).out, estate).toContain("No changes.");

    const production = (await run("production", "show", "acme")).out;
    expect(production).toContain("bo@acme.example");
    expect(production).toContain("Christmas");
    expect(production).not.toContain("dora@parcels.example");
    const staging = (await run("staging", "show", "acme")).out;
    expect(staging).toContain("dora@parcels.example");
    expect(staging).toContain("Acme Parcels (staging)");
    expect(staging).not.toContain("bo@acme.example");
    expect(await run("staging", "show", "robots")).toMatchObject({ exitCode: 0 });
    expect(await run("production", "show", "robots")).toMatchObject({ exitCode: 1 });

    if (engine !== "postgres") return;
    const { rows } = await database.pool.query<{ name: string }>(
      "select nspname as name from pg_namespace where nspname like 'tenant%' order by 1",
    );
    expect(rows.map(({ name }) => name)).toEqual(["tenants_production", "tenants_staging"]);
  });
});

describe("the estate to work on", () => {
  const run = (...args: string[]) => tenantryInProcess(directory, args);

  it("is explained with its overlay as the source", async () => {
    const { out } = await run("explain", "acme", "--estate", "staging");
    expect(out).toMatch(
      /name +Acme Parcels \(staging\) +overlay staging +tenants\/overlays\/staging\/orgs\/acme\.yaml:5/,
    );
    expect(out).toMatch(/trace\.mode +all +overlay staging/);
    expect(out).toMatch(/live_tracking +true .*tenants\/overlays\/staging\/catalog\.yaml/);
  });

  it("has to be said, and has to be declared", async () => {
    expect(await run("validate")).toMatchObject({
      exitCode: 1,
      talk: expect.stringContaining(
        "production (What customers use), staging (Where every change is tried).",
      ),
    });
    expect((await run("plan", "--estate", "stagin")).talk).toContain('Did you mean "staging"?');
    expect((await run("show", "acme")).talk).toContain("error[which-estate]");
  });

  it("may be named by the environment", async () => {
    const { exitCode, out } = await tenantryInProcess(directory, ["validate"], {
      TENANTRY_ESTATE: "staging",
    });
    expect([exitCode, out]).toEqual([0, expect.stringContaining("3 orgs")]);
  });

  it("says which variable is missing", async () => {
    const { exitCode, talk } = await run("migrate", "--estate", "staging");
    expect(exitCode).toBe(1);
    expect(talk).toContain("TENANTS_DATABASE_URL");
    expect(readdirSync(directory)).toEqual(["tenants"]);
  });

  it("is another one with --database", async () => {
    const { exitCode, out } = await run("migrate", "--estate", "staging", "--database", "./elsewhere");
    expect([exitCode, out]).toEqual([0, expect.stringContaining("elsewhere")]);
  });
});
