import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import { DatabaseUnreachable, OutcomeUnknown } from "./database-error.ts";
import { sqlStateOf } from "./sql-state.ts";
import type { Tables } from "./tables.ts";

export interface Answer<Row> {
  readonly rows: readonly Row[];
  /** How many rows were returned, or written. */
  readonly rowCount: number;
}

/** One transaction under way, on a connection of its own. */
export interface Transaction {
  /**
   * Runs one statement. `bigint`, `numeric` and times come as text; JSON parsed. `assumed` is what it answers where
   * all is as expected: of use only where statements are written down instead of run, see `recordStatements`.
   */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    assumed?: readonly Row[],
  ): Promise<Answer<Row>>;
  /** The same connection for queries that are built. Tables are named without their schema. */
  readonly kysely: Kysely<Tables>;
}

/**
 * Runs `work` between `begin` and COMMIT. After an error it first rolls back, and then gives the connection
 * up: destroying alone is enough on PostgreSQL, but PGlite would go on in the open transaction, with its role.
 */
export async function transact<T>(
  { pool, schema }: { readonly pool: pg.Pool; readonly schema: string },
  begin: string,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((cause: Error) => {
    const reason = cause.message || "nobody answers";
    throw new DatabaseUnreachable(`No connection to the database could be had: ${reason}`, { cause });
  });
  // A connection that dies while idle in a transaction tells so by event; the next statement fails anyway.
  let lost: Error | undefined;
  const lose = (error: Error) => {
    lost = error;
  };
  client.on("error", lose);
  try {
    await client.query(begin);
    const result = await work(transactionOn(client, schema));
    await commit(client);
    client.off("error", lose);
    client.release();
    return result;
  } catch (error) {
    if (!isUnanswered(error)) await client.query("rollback").catch(() => {});
    client.off("error", lose);
    client.release(true);
    if (error instanceof OutcomeUnknown) throw error;
    if (isUnanswered(error))
      throw new DatabaseUnreachable("The database did not answer in time.", { cause: error });
    throw lost ? connectionLost(lost) : error;
  }
}

/** The driver gave up waiting: a ROLLBACK would be waited for as long, and the server makes one when it sees the end. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === "Query read timeout";
}

function connectionLost(cause: Error): DatabaseUnreachable {
  const said = "The connection to the database was lost before the end. Nothing was written.";
  return new DatabaseUnreachable(said, { cause });
}

function transactionOn(client: pg.PoolClient, schema: string): Transaction {
  let kysely: Kysely<Tables> | undefined;
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      const { rows, rowCount } = await client.query<Row>(text, values as unknown[]);
      return { rows, rowCount: rowCount ?? 0 };
    },
    get kysely() {
      kysely ??= kyselyOn(client, schema);
      return kysely;
    },
  };
}

/** A kysely that has this one connection, and neither gives it back nor ends it. */
function kyselyOn(client: pg.PoolClient, schema: string): Kysely<Tables> {
  const held = { query: client.query.bind(client), release() {} } as unknown as pg.PoolClient;
  const dialect = new PostgresDialect({
    pool: { connect: async () => held, end: async () => {} } as pg.Pool,
  });
  return new Kysely<Tables>({ dialect }).withSchema(schema);
}

async function commit(client: pg.PoolClient): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query("commit"));
  } catch (error) {
    if (saysItRolledBack(error)) throw error;
    throw new OutcomeUnknown(
      "The connection was lost while committing: whether it took effect is not known yet.",
      { cause: error },
    );
  }
  // COMMIT of a transaction that had failed is answered by a rollback, and by no error.
  if (command !== "COMMIT") throw new Error("The transaction had failed and was rolled back.");
}

/** The server's own answer that it did not commit, unlike the news that the server or the line went away. */
function saysItRolledBack(error: unknown): boolean {
  return /^(?:[234]....|P0...|0[A-Z9]...)$/.test(sqlStateOf(error));
}
