import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startServing } from "../command/serving-command.ts";
import { sampleDirectory, tenantry } from "../command.ts";
import { type OwnPostgres, startOwnPostgres } from "../own-postgres.ts";
import { compiled, installed, runAsApp } from "./app-directory.ts";
import { argsOf, readme, shownBlocks, shownCommands, withGaps } from "./readme-blocks.ts";

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

let directory: ReturnType<typeof sampleDirectory>;
/** Of its own, because the README's roles belong to the whole cluster. */
let postgres: OwnPostgres;
let database: pg.Client;
/** As the app logs in, which is no superuser. */
let ofShop: { readonly DATABASE_URL: string };

beforeAll(async () => {
  directory = sampleDirectory();
  installed(directory.path);
  postgres = await startOwnPostgres();
  database = new pg.Client(postgres.url);
  await database.connect();
  for (const args of ["migrate", "apply --yes", "schema --types catalog.ts"]) await run(args);
  await database.query(`
    create table orders (org_id uuid not null, id int, item text, primary key (org_id, id));
    insert into orders select org_id, 1, 'a desk of ' || slug from tenantry.org;
    create role app;
    grant select on orders to app;
    create role shop login in role tenantry_runtime, tenantry_app, app`);
  ofShop = { DATABASE_URL: postgres.url.replace("postgres@", "shop@") };
});

afterAll(async () => {
  await database?.end();
  await postgres?.stop();
  directory?.remove();
});

test("the README's programs compile", () => {
  const program = `${client}${poolOfOurs}\ndeclare const orgId: string;\n${ownTable}`;
  expect(compiled(directory.path, program)).toEqual([]);
});

test("the README's client is answered over HTTP and in the process", async () => {
  const key = (await run("keys create --service app")).trim();
  const serving = await startServing(directory.path, "--database", postgres.url);
  const asked = client
    .replace("https://tenants.example", `http://127.0.0.1:${serving.port}`)
    .replace(/^(await client\b.*|local\b.*);/gm, "answers.push($1);");
  const printed = runAsApp(
    directory.path,
    `const answers: unknown[] = [];
     ${asked}
     console.log(JSON.stringify(answers));
     await client.close();
     await local.close();`,
    { TENANTRY_KEY: key, ...ofShop },
  );
  // The last says nothing of a second factor, which acme wants; who is in which half of the split depends on ids.
  expect(JSON.parse(printed)).toEqual([true, expect.stringMatching(/^v2b?$/), true, false]);
});

test("a table of one's own shows one org's rows once it is isolated as the README says", async () => {
  const { rows } = await database.query("select org_id from tenantry.org where slug = 'acme'");
  const acme = rows[0].org_id;
  const items = (orgId: string, work = ownTable) => {
    const told = work.replace(/^await (.*);$/m, "const { rows } = await $1;");
    const program = `${poolOfOurs}
      import { withOrg } from "tenantry/client";
      const orgId = ${JSON.stringify(orgId)};
      ${told}
      console.log(JSON.stringify(rows.map(({ item }) => item).sort()));
      await pool.end();`;
    return JSON.parse(runAsApp(directory.path, program, ofShop));
  };
  const [, isolate = ""] = /^`tenantry (isolate \S+)` prints the row-level security/m.exec(readme) ?? [];
  expect(await run(isolate)).toContain("alter table public.orders enable row level security;");
  expect(items(acme)).toEqual(["a desk of acme", "a desk of globex", "a desk of initech"]);
  await run(`${isolate} --apply`);
  expect(items(acme)).toEqual(["a desk of acme"]);
  const [, lookUp = ""] = /`(lookUpAs: "\w+")` it may be its slug/.exec(readme) ?? [];
  expect(items("globex", ownTable.replace("role:", `${lookUp}, role:`))).toEqual(["a desk of globex"]);
});

test("doctor finds what the README shows", async () => {
  await database.query("create table notes (org_id uuid not null, t text unique)");
  const shown = shownCommands("Your own tables");
  const doctor = shown.next();
  // Which server the tests have is not the README's.
  const args = [...argsOf(doctor), "--accept", "server-version"];
  const { exitCode, out } = await tenantry(directory.path, args, ofShop);
  expect(exitCode).toBe(1);
  expect(out).toMatch(withGaps(doctor));
  expect(shown.left).toBe(0);
});

const [client = ""] = shownBlocks("In your app", "ts");
const [ownTable = ""] = shownBlocks("Your own tables", "ts");
/** What the README leaves to the app. */
const poolOfOurs = `
import pg from "pg";
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });`;

async function run(args: string): Promise<string> {
  const { exitCode, out, talk } = await tenantry(directory.path, args.split(" "), {
    DATABASE_URL: postgres.url,
  });
  expect({ args, exitCode, talk: exitCode === 0 ? "" : talk }).toEqual({ args, exitCode: 0, talk: "" });
  return out;
}
