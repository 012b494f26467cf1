import { Socket } from "node:net";
import pg from "pg";
import { DatabaseUnreachable } from "./database-error.ts";
import { type Embedded, openEmbedded } from "./embedded.ts";
import { migrate, migrationStatus } from "./migrate.ts";
import { type EstateNames, estateNames } from "./names.ts";
import type { WorkingRoles } from "./roles.ts";

/** An open database. Work with it in transactions: `inTransaction`. */
export interface Database extends EstateNames {
  readonly engine: "postgres" | "pglite";
  readonly pool: pg.Pool;
  /** Where it is, for people; without a password. */
  readonly place: string;
  /** The roles of its schema; known from the first transaction on. */
  roles: WorkingRoles | null;
  /** Ends all connections, and lets go of an embedded database's directory. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Where the PostgreSQL server is, as `postgres://user@host/name`. Without it, the database is embedded. */
  readonly url?: string | undefined;
  /** Where an embedded database is kept; `.tenantry` where nothing is said. */
  readonly directory?: string | undefined;
  /** The schema that holds the estate, and the channel that tells of it; `tenantry` where nothing is said. */
  readonly schema?: string | undefined;
  /** What the names of the cluster's roles begin with; `tenantry_` where nothing is said. */
  readonly rolePrefix?: string | undefined;
  /** Rejects where there is no embedded database yet, instead of making one. */
  readonly mustExist?: boolean | undefined;
  /** Called before an embedded database is made, which takes a few seconds. */
  readonly onFirstUse?: ((directory: string) => void) | undefined;
  /** What the audit and `pg_stat_activity` call this process. */
  readonly applicationName?: string | undefined;
  /**
   * How long a server's answer is waited for, in milliseconds, before its connection is given up: for who must not hang
   * on a line that swallows everything. Where nothing is said, statements may take as long as they need.
   */
  readonly patience?: number | undefined;
}

/**
 * Opens a database and sees that it answers. An embedded one is made and migrated where it has to be;
 * a server's is taken as it is, see `migrate`.
 * Throws `DatabaseUnreachable`, `UnusableName`, or `DatabaseInUse` where another process has the directory open.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  // Looked at before anything is made.
  estateNames(options);
  if (options.url !== undefined) return openServer(options.url, options);
  const embedded = await openEmbedded({
    directory: options.directory ?? ".tenantry",
    mustExist: options.mustExist,
    onFirstUse: options.onFirstUse,
  });
  const database = await overEmbedded(embedded, options);
  try {
    // Looking costs little, and most of the time there is nothing to do.
    if ((await migrationStatus(database)).pending.length > 0) await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** A database over PGlite; the pool has one connection, because PGlite has one session. */
export async function overEmbedded(embedded: Embedded, options: OpenOptions = {}): Promise<Database> {
  const name = options.applicationName ?? "tenantry";
  await embedded.pglite.query("select set_config('application_name', $1, false)", [name]);
  const pool = new pg.Pool({ ...embedded.config, max: 1 });
  pool.on("error", () => {});
  return {
    engine: "pglite",
    pool,
    ...estateNames(options),
    place: embedded.directory,
    roles: null,
    async close() {
      if (!pool.ended) await pool.end();
      await embedded.close();
    },
  };
}

async function openServer(url: string, options: OpenOptions): Promise<Database> {
  const place = withoutPassword(url);
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName ?? "tenantry",
    connectionTimeoutMillis: options.patience ?? 10_000,
    query_timeout: options.patience,
    stream: () => heldIn(sockets),
    // A peer that was unplugged must not be waited for.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // An idle connection that the server ends would otherwise end this process.
  pool.on("error", () => {});
  const close = async () => {
    if (pool.ended) return;
    // Who is in the middle of something gets a moment; a line that swallows everything would be waited for in vain.
    const cut = () => {
      for (const socket of sockets) socket.destroy();
    };
    setTimeout(cut, 1_000).unref();
    await pool.end();
  };
  try {
    await pool.query("select 1");
  } catch (error) {
    await close();
    throw new DatabaseUnreachable(`No database answers at ${place}: ${reasonOf(error)}`, { cause: error });
  }
  return { engine: "postgres", pool, ...estateNames(options), place, roles: null, close };
}

function heldIn(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
  return socket;
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return "the given address (it is no URL)";
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username ? `${username}@` : ""}${host}${pathname}`;
}

/** Node reports several addresses tried as one error with an empty message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
