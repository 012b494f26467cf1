import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { type Ran, tenantry } from "../command.ts";
import { inheritedEnvironment } from "../inherited-environment.ts";
import { startOwnPostgres } from "../own-postgres.ts";

const example = join(import.meta.dirname, "../../examples/saas-app");

/** The example app as its README runs it: one process, on a copy of its manifests, with a database of its own. */
export interface OrdersApp {
  readonly url: string;
  /** Whether the process that was started first still runs. */
  readonly isTheSame: () => boolean;
  /** Edits an org's manifest, and applies it as the README says. */
  readonly edit: (org: string, from: string, to: string) => void;
  /** A command as the app's own login, once the app has ended. */
  readonly tenantry: (...args: string[]) => Ran;
  /** Asks the database past the app. Only a server can be asked beside it. */
  readonly query: ((sql: string) => Promise<readonly object[]>) | null;
  /** Ends the app as a supervisor does; gives its exit code. */
  readonly end: () => Promise<number | null>;
  readonly remove: () => Promise<void>;
}

export async function ordersOnPglite(): Promise<OrdersApp> {
  const directory = copiedManifests();
  const { url, server, end } = await start(directory, {});
  return {
    url,
    isTheSame: () => server.exitCode === null,
    // The app applies it.
    edit: (org, from, to) => editIn(directory, org, [from, to]),
    tenantry: (...args) => tenantry(directory, args),
    query: null,
    end,
    async remove() {
      await end();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** On a server of its own: the README's roles belong to the whole cluster. */
export async function ordersOnPostgres(): Promise<OrdersApp> {
  const postgres = await startOwnPostgres();
  const directory = copiedManifests();
  const admin = new pg.Client(postgres.url);
  const removeServer = async () => {
    await admin.end();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  const deploy = { DATABASE_URL: postgres.url };
  const own = { DATABASE_URL: postgres.url.replace("postgres@", "orders@") };
  try {
    await admin.connect();
    for (const args of [["migrate"], ["apply", "--yes"]]) done(tenantry(directory, args, deploy));
    await admin.query("create role orders login in role tenantry_runtime, tenantry_app");
    const { url, server, end } = await start(directory, { ...own, DEPLOY_URL: postgres.url });
    return {
      url,
      isTheSame: () => server.exitCode === null,
      edit(org, from, to) {
        editIn(directory, org, [from, to]);
        done(tenantry(directory, ["apply", "--yes"], deploy));
      },
      tenantry: (...args) => tenantry(directory, args, own),
      query: async (sql) => (await admin.query(sql)).rows,
      end,
      async remove() {
        await end();
        await removeServer();
      },
    };
  } catch (error) {
    await removeServer();
    throw error;
  }
}

function copiedManifests(): string {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-orders-"));
  cpSync(join(example, "tenants"), join(directory, "tenants"), { recursive: true });
  return directory;
}

function editIn(directory: string, org: string, [from, to]: readonly [string, string]): void {
  const path = join(directory, "tenants/orgs", `${org}.yaml`);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

function done({ exitCode, out, talk }: Ran): void {
  if (exitCode !== 0) throw new Error(out + talk);
}

interface Started {
  readonly url: string;
  readonly server: ChildProcess;
  readonly end: OrdersApp["end"];
}

async function start(directory: string, environment: NodeJS.ProcessEnv): Promise<Started> {
  const server = spawn(process.execPath, [join(example, "server.mjs")], {
    cwd: directory,
    env: { ...inheritedEnvironment(), PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      await ended;
    }
    return server.exitCode;
  };
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(server.stdout).on("line", (line) => {
      const [found] = /http:\S+/.exec(line) ?? [];
      if (found) resolve(found);
    });
    server.once("exit", (code) => reject(new Error(`It ended with ${code} before it listened.`)));
  });
  return { url, server, end };
}
