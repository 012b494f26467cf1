import { relative } from "node:path";
import { type Database, openDatabase } from "../database/connect.ts";
import { defaultSchema } from "../model/database-name.ts";
import { findEstate } from "../reconcile/find-estate.ts";
import { type DatabaseChoice, estateDatabase } from "./estate-database.ts";
import { FaultyEstates } from "./faulty-estates.ts";
import type { Terminal } from "./terminal.ts";

export interface DatabaseOptions extends DatabaseChoice {
  /** Where the manifests are, which may declare estates. */
  readonly dir: string;
  readonly estate?: string | undefined;
  /** How long to wait for a server's answer, in milliseconds; as long as it takes where nothing is said. */
  readonly patience?: number | undefined;
  /** For what has nothing to do in a database that is made for it. */
  readonly mustExist?: boolean | undefined;
}

/**
 * Opens the database for as long as `work` takes, and closes it whatever happens.
 * Throws `FaultyEstates` where the manifests do not say which estate's it is.
 */
export async function withDatabase<T>(
  options: DatabaseOptions,
  terminal: Terminal,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { estate, diagnostics } = findEstate(options.dir, options.estate);
  if (diagnostics.length > 0) throw new FaultyEstates(diagnostics);
  const database = await openDatabase({
    ...estateDatabase(options, estate, process.env),
    patience: options.patience,
    mustExist: options.mustExist,
    onFirstUse: () => terminal.talk(`Making the embedded database, once; it takes a few seconds.\n`),
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** `the embedded database in .tenantry`, `postgres://db.example/app, schema acme_staging` */
export function placeOf(database: Database): string {
  const schema = database.schema === defaultSchema ? "" : `, schema ${database.schema}`;
  if (database.engine === "postgres") return database.place + schema;
  const beside = relative(process.cwd(), database.place);
  return `the embedded database in ${beside.startsWith("..") ? database.place : beside}${schema}`;
}
