import { type Database, openDatabase } from "../database/connect.ts";
import { UsageError } from "./usage-error.ts";
import type { Terminal } from "./terminal.ts";

export interface DatabaseOptions {
  readonly database?: string | undefined;
}

/** Opens the database for as long as `work` takes, and closes it whatever happens. */
export async function withDatabase<T>(
  { database: url }: DatabaseOptions,
  terminal: Terminal,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({
    ...whereabouts(url),
    onFirstUse: (directory) =>
      terminal.talk(`Making the embedded database in ${directory}, once; it takes a few seconds.\n`),
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
    throw new UsageError("The database has to be a PostgreSQL server, postgres://user@host/name, or a directory.");
  }
  return { directory: database };
}

/** `the embedded database in .tenantry`, `postgres://db.example/app` */
export function placeOf(database: Database): string {
  return database.engine === "pglite" ? `the embedded database in ${database.place}` : database.place;
}
