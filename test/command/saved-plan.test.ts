import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { type Sample, sampleWithDatabase, tenantryInProcess } from "../command.ts";
import { eachEngine, urls } from "../engines.ts";

eachEngine("plan --out and apply FILE", (open, engine) => {
  let database: Database | null = null;
  let sample: Sample;
  let named: string[];
  beforeEach(async () => {
    sample = sampleWithDatabase();
    if (engine === "postgres") {
      database = await open();
      named = ["--database", urls.get(database) ?? "", "--role-prefix", database.rolePrefix];
    } else named = [];
  });
  afterEach(() => sample.remove());

  const run = (...args: string[]) => tenantryInProcess(sample.path, [...args, ...named]);
  const edit = (file: string, from: string, to: string) => {
    const path = join(sample.path, "tenants", file);
    const text = readFileSync(path, "utf8");
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
  };

  it("applies what was reviewed and nothing else, once", async () => {
    const planned = await run("plan", "--out", "plan.json", "--actor", "dora", "--commit", "9f3c2e1");
    expect(planned).toMatchObject({ exitCode: 0, talk: expect.stringContaining("tenantry apply plan.json") });
    edit("orgs/initech.yaml", "Initech", "Initrode");
    expect(await run("apply", "plan.json")).toMatchObject({
      exitCode: 1,
      talk: expect.stringContaining("nobody is here"),
    });
    const applied = await run("apply", "plan.json", "--yes", "--actor", "ci");
    expect(applied.out).toContain(planned.out.trimEnd());
    expect(applied).toMatchObject({ exitCode: 0, out: expect.stringContaining("at revision 1") });
    expect((await run("show", "initech")).out).toContain("Initech");
    const again = await run("apply", "plan.json", "--yes");
    expect(again.exitCode).toBe(0);
    expect(again.out).toMatch(
      /^This plan was applied already as revision 1 on \d{4}-\d\d-\d\d \S+Z by ci\. A saved plan is used once\.\n$/,
    );
    // The edit that came after the plan is still to be applied.
    expect((await run("plan", "--detailed-exitcode")).exitCode).toBe(2);
  });

  it("refuses one that is damaged, of another database, or gone stale", async () => {
    await run("apply", "--yes");
    edit("orgs/initech.yaml", "Initech", "Initrode");
    await run("plan", "--out", "plan.json");
    writeFileSync(
      join(sample.path, "damaged.json"),
      readFileSync(join(sample.path, "plan.json")).subarray(0, -9),
    );
    expect(await run("apply", "damaged.json", "--yes")).toMatchObject({
      exitCode: 1,
      talk: expect.stringMatching(/^error\[saved-plan\] damaged\.json was damaged/),
    });
    const elsewhere = await tenantryInProcess(sample.path, [
      "apply",
      "plan.json",
      "--yes",
      "--database",
      "./elsewhere",
    ]);
    expect(elsewhere).toMatchObject({ exitCode: 3, talk: expect.stringContaining("another database") });
    edit("orgs/initech.yaml", "Initrode", "Initech Two");
    await run("apply", "--yes");
    const stale = await run("apply", "plan.json", "--yes");
    expect(stale).toMatchObject({
      exitCode: 3,
      talk: expect.stringMatching(/initech\/?\S* by tenantry, role /),
    });
  });

  it("settles an apply whose outcome nobody knew, by its id", async () => {
    const id = "0195f3a0-0000-7000-8000-000000000001";
    const first = await run("apply", "--yes", "--json", "--apply-id", id);
    expect(JSON.parse(first.out)).toMatchObject({ applied: true, revision: 1, applyId: id });
    const second = await run("apply", "--yes", "--apply-id", id);
    expect(second).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^This apply was applied already as revision 1 on /),
    });
    expect(await run("apply", "--apply-id", "x")).toMatchObject({ exitCode: 1 });
  });
});
