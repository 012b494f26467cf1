import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { logging } from "../../src/server/log.ts";
import { startServing } from "../command/serving-command.ts";
import { sampleDirectory, tenantryInProcess } from "../command.ts";
import { eachEngine } from "../engines.ts";
import { minted } from "../identity/keys-of-acme.ts";
import { serverDatabase } from "../server-database.ts";
import { get, post } from "./answers.ts";
import { bearer, keyedEstate, orgFile } from "./identity/keyed-estate.ts";

vi.setConfig({ testTimeout: 180_000 });

const hookSecret = "canary-of-the-webhook-7f3a";
const password = "canary-of-the-database-91bc";
const webhook = `webhooks: { erp: { url: "https://erp.example/hook", secret: "secret://env/CANARY_HOOK" } }\n`;

eachEngine("a secret", (open) => {
  test("stands in no log, answer, metric and row", async () => {
    vi.stubEnv("CANARY_HOOK", hookSecret);
    onTestFinished(() => void vi.unstubAllEnvs());
    const database = await open();
    const said: string[] = [];
    const write = (line: string) => void said.push(line);
    const served = await keyedEstate(database, logging({ level: "debug", write }));
    await served.apply(orgFile("hooli", webhook));
    await served.estate.refresh();
    const { hooli, umbra, edge } = served.keys;
    const issued = await post(served, "/v1/token", {}, bearer(hooli));
    const token: string = issued.body.access_token;
    const credentials = [hooli.text, umbra.text, edge.text, token];
    const hear = ({ headers, text }: { headers: object; text: string }) =>
      said.push(JSON.stringify(headers), text);
    for (const text of credentials) {
      for (const sent of [bearer({ text }), { "x-api-key": text }, { authorization: `Basic ${text}` }]) {
        for (const path of ["config", "flags", `nothing/${text}`, `config?key=${text}`])
          hear(await get(served, `/v1/orgs/hooli/${path}`, sent));
        hear(await get(served, `/v1/orgs/${text}/config`, sent));
        hear(await get(served, "/v1/key", sent));
        hear(await post(served, "/v1/check", { [text]: text }, sent));
        hear(await post(served, "/v1/check", { questions: [{ flag: 1, context: text }] }, sent));
        hear(await get(served, "/v1/key", { ...sent, "tenantry-min-revision": text }));
        hear(await get(served, "/v1/key", { ...sent, traceparent: text, "if-none-match": text }));
      }
      const broken = { method: "POST", url: "/v1/check", payload: `{"${text}` } as const;
      const sent = { ...bearer({ text }), "content-type": "application/json" };
      said.push((await served.app.inject({ ...broken, headers: sent })).body);
    }
    for (const path of ["/metrics", "/readyz", "/openapi.json", "/.well-known/jwks.json"])
      said.push((await served.app.inject(path)).body);
    // What was refused is written within a second.
    await setTimeout(1_500);
    said.push(await dumped(database));
    expect(said.join("\n")).toContain("wrong-org");
    await database.pool.query("alter table tenantry.org_key rename to org_key_away");
    try {
      served.clock.now += 60_000;
      const failed = await get(served, "/v1/key", bearer(umbra));
      expect(failed.status).toBe(500);
      hear(failed);
    } finally {
      await database.pool.query("alter table tenantry.org_key_away rename to org_key");
    }
    expectNone(said.join("\n"), [...credentials, hookSecret]);
  });
});

test("the database's password and what a reference names stand in nothing that a command says", async () => {
  const directory = sampleDirectory();
  onTestFinished(directory.remove);
  const { url: server, rolePrefix } = inject("engines");
  const url = new URL(await serverDatabase("canaries"));
  const admin = new pg.Client(server);
  await admin.connect();
  const login = `${rolePrefix}canary`;
  await admin.query(`create role ${login} login superuser password '${password}'`);
  onTestFinished(async () => {
    await admin.query(`drop role ${login}`);
    await admin.end();
  });
  Object.assign(url, { username: login, password });
  const env = { DATABASE_URL: url.href, CANARY_HOOK: hookSecret, TENANTRY_DEBUG: "1" };
  mkdirSync(`${directory.path}/tenants/orgs`, { recursive: true });
  for (const [path, text] of Object.entries(orgFile("hooli", webhook)))
    writeFileSync(`${directory.path}/tenants/${path}`, text);
  const prefix = ["--role-prefix", rolePrefix];
  const said: string[] = [];
  const run = async (...args: readonly string[]) => {
    const { out, talk } = await tenantryInProcess(directory.path, [...args, ...prefix], env);
    said.push(out, talk);
  };
  for (const view of [[], ["--json"], ["--markdown"], ["--sql"], ["--verify"]]) await run("plan", ...view);
  await run("apply", "--yes");
  const database = await openDatabase({ url: url.href, rolePrefix });
  const keys = [await minted(database, "edge"), await minted(database, "app", "hooli")];
  for (const args of [
    ["plan", "--refresh"],
    ["audit", "hooli", "--json"],
    ["show", "hooli"],
    ["export", "hooli"],
  ])
    await run(...args);
  await run("audit", "nothing");

  const serving = await startServing(
    directory.path,
    ...prefix,
    ...["--database", url.href, "--log-level", "debug"],
  );
  const ask = (path: string, text: string, method = "GET") =>
    fetch(`http://127.0.0.1:${serving.port}${path}`, { method, headers: bearer({ text }) });
  const tokens: string[] = [];
  for (const { text } of keys) {
    tokens.push(
      ((await (await ask("/v1/token", text, "POST")).json()) as { access_token: string }).access_token,
    );
    for (const credential of [text, tokens.at(-1) as string])
      said.push(await (await ask("/v1/orgs/hooli/config", credential)).text());
  }
  await admin.query(`alter role ${login} nologin`);
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [login]);
  await serving.says(/cannot be looked at/);
  const failed = await ask("/v1/users/gus@hooli.example/orgs", keys[0]?.text as string);
  said.push(await failed.text());
  expect(failed.status).toBe(503);
  serving.process.kill("SIGINT");
  await serving.ended;
  said.push(serving.out(), serving.talk());
  await run("plan");
  await database.close();
  expect(said.join("\n")).toContain("hooli");
  expectNone(said.join("\n"), [...keys.map(({ text }) => text), ...tokens, password, hookSecret]);
});

/** Nor a part by which one could be told, in the form of another encoding. */
function expectNone(said: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const isToken = secret.startsWith("eyJ");
    const core = isToken ? (secret.split(".")[2] as string) : secret.replace(/^fl_/, "");
    expect(said.includes(secret)).toBe(false);
    for (const part of [core.slice(0, 16), core.slice(-16)]) expect(said.includes(part), part).toBe(false);
    if (!secret.startsWith("fl_")) continue;
    const bytes = Buffer.from(core, "base64url").subarray(0, 32);
    for (const encoding of ["hex", "base64"] as const)
      expect(said.includes(bytes.toString(encoding).slice(0, 20)), encoding).toBe(false);
  }
}

/** Every row of every table, as text. */
async function dumped({ pool }: Database): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'tenantry'",
  );
  const rows: string[] = [];
  for (const { name } of tables.rows) {
    const { rows: found } = await pool.query(`select to_jsonb(t)::text as row from tenantry.${name} t`);
    rows.push(...found.map(({ row }) => row));
  }
  return rows.join("\n");
}
