import { relative } from "node:path";
import { type Database, openDatabase } from "../database/connect.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export interface DatabaseOptions {
  readonly database?: string | undefined;
  readonly rolePrefix?: string | undefined;
  readonly schema?: string | undefined;
}

/** Opens the database for as long as `work` takes, and closes it whatever happens. */
export async function withDatabase<T>(
  { database: url, rolePrefix, schema }: DatabaseOptions,
  terminal: Terminal,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({
    ...whereabouts(url),
    rolePrefix,
    schema,
    onFirstUse: () => terminal.talk(`Making the embedded database, once; it takes a few seconds.\n`),
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** A server is named by a URL; everything else is the directory of an embedded database. */
function whereabouts(database: string | undefined): { readonly url?: string; readonly directory?: string } {
  if (database === undefined || database === "") return {};
  if (/^postgres(?:ql)?:\/\//.test(database)) return { url: database };
  if (database.includes("://")) {
    throw new UsageError(
      "The database has to be a PostgreSQL server, postgres://user@host/name, or a directory.",
    );
  }
  if (!/[\\/]/.test(database) && !database.startsWith(".")) {
    throw new UsageError(
      `"${database}" is neither a server, postgres://user@host/name, nor a directory. If it is one, write ./${database}.`,
    );
  }
  return { directory: database };
}

/** `the embedded database in .tenantry`, `postgres://db.example/app` */
export function placeOf(database: Database): string {
  if (database.engine === "postgres") return database.place;
  const beside = relative(process.cwd(), database.place);
  return `the embedded database in ${beside.startsWith("..") ? database.place : beside}`;
}
