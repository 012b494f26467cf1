import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Sample, sampleWithDatabase, tenantryInProcess } from "../command.ts";
import { serverDatabase } from "../server-database.ts";

let directory: Sample;
let url: string;
const names = ["--role-prefix", inject("engines").rolePrefix];
const run = (...args: string[]) =>
  tenantryInProcess(directory.path, [...args, ...names], { DATABASE_URL: url });
const file = (name: string) => join(directory.path, name);

beforeAll(async () => {
  directory = sampleWithDatabase();
  url = await serverDatabase("brakes");
  expect((await run("apply", "--yes")).exitCode).toBe(0);
});

afterAll(() => directory.remove());

function edit(name: string, before: string, after: string): void {
  const path = file(`tenants/orgs/${name}.yaml`);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  writeFileSync(path, text.replace(before, after));
}

// One estate lives through all of it, in this order, because each would have a database of its own to make.
test("--allow lets one failing test pass by name, in a saved plan too", async () => {
  const path = file("tenants/catalog.yaml");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace("flags.new_dashboard: true", "flags.new_dashboard: false"));
  edit("globex", "name: Globex Ltd", "name: Globex Limited");
  const test = "failing-test:a team org that came this year has the new dashboard";

  const stopped = await run("plan", "--out", "stopped.plan");
  expect(stopped).toMatchObject({ exitCode: 4, out: "", talk: expect.stringContaining(`--allow '${test}'`) });
  expect(existsSync(file("stopped.plan"))).toBe(false);
  expect((await run("plan", "--out", "allowed.plan", "--allow", test)).exitCode).toBe(0);
  const applied = await run("apply", "allowed.plan", "--yes");
  expect(applied).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/ALLOWED failing-test[\s\S]*Applied\./),
  });
  expect(await run("apply", "allowed.plan", "--yes")).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(
      /^This plan was applied already as revision 2 .* A saved plan is used once\.\n$/,
    ),
  });
  writeFileSync(path, text);
});

test("--impact full names everyone, where the plan names twenty", async () => {
  const many = Array.from(
    { length: 25 },
    (_, index) => `  p${String(index).padStart(2, "0")}@globex.example: admin\n`,
  );
  edit("globex", "  kim@globex.example: owner\n", `  kim@globex.example: owner\n${many.join("")}`);
  const decided = async (...args: string[]) =>
    (await run("plan", ...args)).out.split("\nWhat this decides\n")[1] ?? "";
  const usual = await decided();
  expect(usual).toMatch(/25 members/);
  expect(usual).not.toContain("p24@globex.example");
  expect(await decided("--impact", "full")).toContain("p24@globex.example");
});

test("--refresh looks at everything, and finds the same", async () => {
  const told = async (...args: string[]) => {
    const { summary, changes, findings, impact } = JSON.parse((await run("plan", "--json", ...args)).out);
    const addresses = changes.map(({ address }: { address: string }) => address);
    return { summary, addresses, findings, impact };
  };
  expect(await told("--refresh")).toEqual(await told());
  expect((await run("plan", "--refresh")).out).toContain("Looked at 3 of 3 orgs (everything is read)");
  expect((await run("plan")).out).toContain("Looked at 1 of 3 orgs (file changed)");
});

test("max-removals stops a plan that takes too many away, until it is let pass", async () => {
  expect((await run("apply", "--yes")).exitCode).toBe(0);
  const path = file("tenants/orgs/globex.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(/ {2}p\d\d@globex\.example: admin\n/g, ""));
  const stopped = await run("plan", "--out", "stopped.plan");
  expect(stopped.exitCode).toBe(4);
  expect(stopped.out).toMatch(/BLOCKED max-removals {2}globex[\s\S]*--allow max-removals:globex/);
  const refused = await run("apply", "stopped.plan", "--yes");
  expect(refused).toMatchObject({ exitCode: 4, out: expect.not.stringContaining("Applied.") });
  expect(await run("apply", "--yes", "--allow", "max-removals:globexx")).toMatchObject({
    exitCode: 1,
    out: "",
    talk: "error[usage] --allow max-removals:globexx: nothing of that name stops this plan. Did you mean max-removals:globex?\n",
  });
  expect((await run("show", "globex")).out).toContain("p24@globex.example");
  const { findings } = JSON.parse((await run("plan", "--json")).out);
  const allowed = findings.flatMap(({ code, subject }: { code: string; subject: string }) => [
    "--allow",
    `${code}:${subject}`,
  ]);
  expect(await run("apply", "--yes", ...allowed)).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining("Applied."),
  });
});

test("an org whose file is gone is archived by --prune, or let go by --forget; purged, it is exported", async () => {
  const initech = file("tenants/orgs/initech.yaml");
  const text = readFileSync(initech, "utf8");
  rmSync(initech);
  expect((await run("plan")).out).toMatch(
    /BLOCKED undeclared-org {2}initech[\s\S]*--prune[\s\S]*--forget initech/,
  );
  expect(await run("plan", "--forget", "nobody")).toMatchObject({
    exitCode: 1,
    talk: "error[usage] --forget nobody: the database holds nothing of that name.\n",
  });
  const forgotten = await run("plan", "--forget", "initech");
  expect(forgotten.exitCode).toBe(0);
  expect(forgotten.out).toMatch(/~ org +let go: the row stays/);
  expect(forgotten.out).not.toContain("adopted");

  const pruned = await run("apply", "--yes", "--prune");
  expect(pruned).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/~ org {2}status {2}active → archived/),
  });

  const ended = "name: Initech\nstatus: deleted\nconfirm: initech\npurge_after: 2026-01-01";
  writeFileSync(initech, text.replace("name: Initech", ended));
  expect((await run("apply", "--yes")).exitCode).toBe(0);
  const due = await run("plan");
  expect(due).toMatchObject({ exitCode: 4, out: expect.stringContaining("--allow purge:initech") });
  expect(due.out).not.toContain("was declared at");
  const args = ["apply", "--yes", "--allow", "purge:initech"];
  const nowhere = await run(...args, "--export-dir", "tenants/catalog.yaml/exports");
  expect(nowhere).toMatchObject({
    exitCode: 1,
    talk: expect.stringMatching(/error\[export-failed\] The org "initech" was not purged/),
  });
  expect((await run("show", "initech")).exitCode).toBe(0);
  const purged = await run(...args, "--export-dir", "kept");
  expect(purged).toMatchObject({
    exitCode: 0,
    talk: expect.stringMatching(/Exported to kept\/initech-\S+\.json/),
  });
  const [kept = ""] = readdirSync(file("kept"));
  expect(JSON.parse(readFileSync(file(`kept/${kept}`), "utf8"))).toMatchObject({
    format: "tenantry/org-export/v1",
    org: "initech",
  });
  expect((await run("show", "initech")).exitCode).toBe(1);
  writeFileSync(initech, text);
  expect(await run("plan")).toMatchObject({
    exitCode: 4,
    out: expect.stringContaining("--allow slug-buried:initech"),
  });
});

test("export writes an org with its audit to a file, or prints it", async () => {
  const said = await run("export", "acme", "--out", "acme.json");
  expect(said.exitCode).toBe(0);
  const written = JSON.parse(readFileSync(file("acme.json"), "utf8"));
  expect(written.resources).not.toEqual([]);
  expect(written.audit).not.toEqual([]);
  const printed = JSON.parse((await run("export", "acme")).out);
  expect({ ...printed, exported: "" }).toEqual({ ...written, exported: "" });
  expect(await run("export", "acmee", "--out", "nothing.json")).toMatchObject({
    exitCode: 1,
    talk: expect.stringContaining('Did you mean "acme"?'),
  });
  expect(existsSync(file("nothing.json"))).toBe(false);
});
