import type { LocalClient, Trouble, Vocabulary } from "./client.ts";

export interface LocalClientOptions {
  /** A PostgreSQL server, `postgres://user@host/name`, or the directory of an embedded database. */
  readonly database: string;
  /** The slug of the org that the client itself asks about. */
  readonly org?: string | undefined;
  /** The schema that holds the estate; `tenantry` where nothing is said. */
  readonly schema?: string | undefined;
  /** What the names of the database's roles begin with; `tenantry_` where nothing is said. */
  readonly rolePrefix?: string | undefined;
  /** From which age on what is known answers nothing any more, in milliseconds; a minute where nothing is said. */
  readonly maxStale?: number | undefined;
  readonly onTrouble?: (trouble: Trouble) => void;
}

/**
 * A client that answers in this process, from every org of a database, which it keeps fresh. Rejects where the estate cannot
 * be read to begin with, as with `DatabaseUnreachable`. An embedded database is then this process's alone.
 */
export async function createLocalClient<V extends Vocabulary = Vocabulary>(
  options: LocalClientOptions,
): Promise<LocalClient<V>> {
  // Who asks over HTTP loads no database.
  const { openLocalClient } = await import("./open-local-client.ts");
  return (await openLocalClient(options)) as unknown as LocalClient<V>;
}
