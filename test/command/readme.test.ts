import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { sampleDirectory, tenantry } from "../command.ts";
import { serverDatabase } from "../server-database.ts";

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
const { url: server, rolePrefix } = inject("engines");

let directory: ReturnType<typeof sampleDirectory>;
let psql: pg.Client;
let environment: { readonly README_URL: string };

beforeAll(async () => {
  directory = sampleDirectory();
  environment = { README_URL: await serverDatabase("readme") };
  psql = new pg.Client({ connectionString: environment.README_URL, application_name: "psql" });
  await psql.connect();
  await psql.query("set search_path = tenantry");
  writeFileSync(
    join(directory.path, "tenants/estate.yaml"),
    `apiVersion: tenantry/v1\nestates:\n  production: { database: { env: README_URL } }\n`,
  );
  // What lapses would be told as it draws near.
  edit("orgs/acme.yaml", "until: 2027-01-01", "until: 2999-01-01");
  edit("orgs/acme.yaml", "expires: 2027-06-30", "expires: 2999-06-30");
  edit("orgs/globex.yaml", "trial_ends: 2027-01-15", "trial_ends: 2999-01-15");
});

afterAll(async () => {
  await psql?.end();
  directory?.remove();
});

test("what the README shows of plans, drift, brakes and saved plans is what the commands print", async () => {
  run("apply --yes --actor dora --commit 1c0ffee");
  edit("catalog.yaml", "members:*, teams:manage]", "members:*, teams:manage, billing:read]");
  edit(
    "orgs/globex.yaml",
    "plan: team@2, cycle: monthly, status: trial, trial_ends: 2999-01-15",
    "plan: enterprise@1, cycle: annual, status: active",
  );
  edit("orgs/globex.yaml", "lee@globex.example: admin", "lee@globex.example: member");
  edit("orgs/initech.yaml", "  quinn@initech.example: member\n", "");
  const review = shown("Review a plan");
  expectAsShown(review, 0);

  await psql.query("update member set status = 'suspended' where key = 'lee@globex.example'");
  const [stale, again] = shown("Saved plans");
  expectAsShown([stale], 3);
  run(review[0]?.args ?? "");
  run("apply review.plan --yes --actor ci");
  expectAsShown([again], 0);

  await psql.query(
    `insert into binding (org_id, member_id, catalog_role_id)
     select m.org_id, m.id, r.id from member m, catalog_role r
     where m.key = 'bo@acme.example' and r.name = 'owner'`,
  );
  expectAsShown(shown("Drift"), 0);
  expect(tenantry(directory.path, ["plan", "--drift-only", ...names], environment).exitCode).toBe(2);
  run("apply --yes --actor ci");
  expectAsShown(shown("Time"), 0);

  await psql.query(
    `insert into member (org_id, key, email, origin)
     select org_id, joined, joined, 'join'
     from org, unnest(array['ike@globex.example', 'jo@globex.example']) as joined where slug = 'globex'`,
  );
  edit("orgs/globex.yaml", "plan: enterprise@1, cycle: annual,", "plan: free@1,");
  expectAsShown(shown("Brakes"), 4);
});

const names = ["--role-prefix", rolePrefix];

test("what the README shows of asking why is what check prints", () => {
  const asked = shown("Answer an app").filter(({ args }) => args.startsWith("check"));
  expect(asked).toHaveLength(1);
  for (const { args, out } of asked) {
    const ran = tenantry(join(import.meta.dirname, "../.."), args.split(" "));
    expect(ran).toEqual({ exitCode: 0, out, talk: "" });
  }
});

function run(args: string): void {
  const { exitCode, talk } = tenantry(directory.path, [...args.split(" "), ...names], environment);
  expect({ args, exitCode, talk: exitCode === 0 ? "" : talk }).toEqual({ args, exitCode: 0, talk: "" });
}

function edit(file: string, before: string, after: string): void {
  const path = join(directory.path, "tenants", file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  writeFileSync(path, text.replace(before, after));
}

interface Shown {
  readonly args: string;
  readonly out: string;
}

/** The commands of one section of the README, each with what it prints. */
function shown(section: string): [Shown, ...Shown[]] {
  const text = readme.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
  const blocks = [...text.matchAll(/```\n(\$ [\s\S]*?)```/g)].map(([, block = ""]) => block);
  const commands = blocks
    .flatMap((block) => block.split(/^\$ /m))
    .flatMap((command): Shown[] => {
      const [line = "", ...out] = command.split("\n");
      const args = line.match(/^npx tenantry (.*)/)?.[1];
      return args === undefined ? [] : [{ args, out: out.join("\n") }];
    });
  expect(commands, section).not.toEqual([]);
  return commands as [Shown, ...Shown[]];
}

/** Runs what the README shows; a line of `…` stands for what it leaves out. */
function expectAsShown(commands: readonly (Shown | undefined)[], exitCode: number): void {
  for (const command of commands) {
    if (!command) throw new Error("The README shows fewer commands than are run.");
    const ran = tenantry(directory.path, [...command.args.split(" "), ...names], environment);
    const printed = settled(`${ran.out}${exitCode === 0 ? "" : ran.talk}`);
    const parts = command.out.split(/^…$/m).map(settled);
    if (parts.length === 1) expect(printed).toBe(parts[0]);
    for (const part of parts) expect(printed).toContain(part);
    expect({ command: command.args, exitCode: ran.exitCode }).toEqual({ command: command.args, exitCode });
  }
}

/** Without what differs from run to run: times, the server's superuser, an org's bucket, and where lines are broken. */
function settled(text: string): string {
  const { username } = new URL(server);
  return text
    .replaceAll(`psql/${username}`, "psql/postgres")
    .replaceAll(`role ${username}`, "role postgres")
    .replace(/\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?)?/g, "<time>")
    .replaceAll("checkout old → new", "checkout old → test")
    .replace(/\s+/g, " ")
    .trim();
}
