import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase, overEmbedded } from "../src/database/connect.ts";
import { openPGlite } from "../src/database/embedded.ts";
import { migrate } from "../src/database/migrate.ts";
import { startOwnPostgres } from "./own-postgres.ts";

/** What the test files are told of the engines. */
export interface EngineSetup {
  /** A superuser's URL of the server. */
  readonly url: string;
  /** A migrated database, to copy. */
  readonly template: string;
  /** Roles belong to the cluster: these are this run's alone. */
  readonly rolePrefix: string;
  /** A file with the data directory of a migrated PGlite. */
  readonly pgliteData: string;
  /** The directory of a migrated embedded database, to copy; its roles have the usual names. */
  readonly embedded: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    engines: EngineSetup;
  }
}

const run = `tenantry_test_${process.pid}`;
const rolePrefix = `${run}_`;

/** Finds or starts a server, and makes what each test's database is copied from. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // What one project has made serves the others.
  if ("engines" in project.getProvidedContext()) return;
  const server = await findServer();
  const admin = new pg.Client(server.url);
  await admin.connect();
  await dropLeftovers(admin);
  await admin.query(`create database ${run}`);
  const template = await openDatabase({ url: urlOf(server.url, run), rolePrefix });
  await migrate(template);
  await template.close();

  const directory = await mkdtemp(join(tmpdir(), "tenantry-test-"));
  const embedded = join(directory, "embedded");
  await (await openDatabase({ directory: embedded })).close();
  const pglite = await preparePGlite(join(directory, "pglite.tar"));
  const { rows } = await admin.query<{ server_version: string }>("show server_version");
  console.log(`engines: PostgreSQL ${rows[0]?.server_version} (${server.from}), ${pglite.version}`);
  project.vitest.provide("engines", {
    url: server.url,
    template: run,
    rolePrefix,
    pgliteData: pglite.file,
    embedded,
  });
  return async () => {
    await drop(admin, run);
    await admin.end();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

/** The server that is named, else the local one, else one of our own; TENANTRY_TEST_OWN_SERVER=1 wants that. */
async function findServer(): Promise<{ url: string; from: string; stop(): Promise<void> }> {
  const { TENANTRY_TEST_DATABASE_URL: named, TENANTRY_TEST_OWN_SERVER: own } = process.env;
  const stop = async () => {};
  // What was asked for by name must work; nothing else is tried in its place.
  if (named) return { url: named, from: "TENANTRY_TEST_DATABASE_URL", stop };
  if (!own) {
    for (const user of ["postgres", "root"]) {
      const url = `postgres://${user}@localhost:5432/postgres`;
      if (await isSuperuser(url)) return { url, from: "the local server", stop };
    }
  }
  return { ...(await startOwnPostgres()), from: "a server from npm" };
}

async function isSuperuser(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query("select from pg_roles where rolname = current_user and rolsuper");
    return rows.length === 1;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function preparePGlite(file: string): Promise<{ readonly file: string; readonly version: string }> {
  const embedded = await openPGlite("memory");
  const database = await overEmbedded(embedded, { rolePrefix });
  await migrate(database);
  const { rows } = await embedded.pglite.query<{ version: string }>("select version()");
  const dump = await embedded.pglite.dumpDataDir("none");
  await writeFile(file, Buffer.from(await dump.arrayBuffer()));
  await database.close();
  const [, server, pglite] = /PostgreSQL (\S+) \(PGlite (\S+)\)/.exec(rows[0]?.version ?? "") ?? [];
  return { file, version: `PGlite ${pglite} (PostgreSQL ${server})` };
}

/** What runs that were killed left behind. */
async function dropLeftovers(admin: pg.Client): Promise<void> {
  // Two runs that begin at once would trip over each other's drops. The lock ends with the session.
  await admin.query("select pg_advisory_lock(hashtextextended('tenantry.test-leftovers', 0))");
  const { rows } = await admin.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ '^tenantry_test_[0-9]+'
     union select rolname from pg_roles where rolname ~ '^tenantry_test_[0-9]+'`,
  );
  const runs = new Set(rows.flatMap(({ name }) => /^tenantry_test_(\d+)/.exec(name)?.[1] ?? []));
  for (const pid of runs) {
    if (!isRunning(Number(pid))) await drop(admin, `tenantry_test_${pid}`);
  }
  await admin.query("select pg_advisory_unlock_all()");
}

async function drop(admin: pg.Client, of: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    "select datname as name from pg_database where datname = $1 or starts_with(datname, $1 || '_')",
    [of],
  );
  for (const { name } of rows) await admin.query(`drop database if exists ${name} with (force)`);
  const roles = await admin.query<{ name: string }>(
    "select rolname as name from pg_roles where starts_with(rolname, $1 || '_')",
    [of],
  );
  for (const { name } of roles.rows) await admin.query(`drop role if exists ${name}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
