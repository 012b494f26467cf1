import { AsyncLocalStorage } from "node:async_hooks";
import type { Pool, PoolClient, QueryResult } from "pg";

export interface WithOrgOptions {
  /** The role that the transaction drops to; the login must be a member of it. Without it, it works as the login. */
  readonly role?: string;
  /**
   * The role that looks up a slug. The app's own role sees no org before it is said which, and gets no right for this:
   * name one that sees all, as `tenantry_runtime`, of which the login must then be a member. The transaction leaves it again
   * before it does anything else. Ids need none.
   */
  readonly lookUpAs?: string;
  /** The schema that holds the estate, for slugs; `tenantry` where nothing is said. */
  readonly schema?: string;
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  readonly readOnly?: boolean;
}

/** A connection for as long as the work of one org takes, in its transaction: `query` with promises, and with cursors. */
export type OrgClient = Pick<PoolClient, "query">;

export type WithOrgErrorCode =
  | "malformed-org"
  | "unknown-org"
  | "nested-org"
  | "transaction-over"
  | "outcome-unknown";

/** What goes wrong with `withOrg` itself; errors of statements and of the work come through as they are. */
export class WithOrgError extends Error {
  readonly code: WithOrgErrorCode;
  constructor(code: WithOrgErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Runs `work` in one transaction that is set to one org, so that policies as `tenantry isolate` makes them show that org's
 * rows alone, and commits it. An error rolls it back, gives up the connection, and is thrown. What is set ends with the
 * transaction: nobody after it meets it on a pooled connection.
 *
 * The org is its id; or its slug, which is looked up, see `lookUpAs`. What is shaped like an id is one. Throws `WithOrgError`:
 * `malformed-org` before a connection is taken, `nested-org` within the work of another on the same pool, `unknown-org` for a
 * slug that nothing has, `transaction-over` where the work left the transaction, its org or role, or its client is used later, and
 * `outcome-unknown` where the answer to COMMIT was lost.
 */
export async function withOrg<T>(
  pool: Pool,
  org: string,
  work: (client: OrgClient) => Promise<T>,
  options: WithOrgOptions = {},
): Promise<T> {
  checkOrg(org);
  if (underWay.getStore()?.some((outer) => outer.pool === pool && outer.isOpen)) {
    throw new WithOrgError(
      "nested-org",
      "This is within the work of an org on the same pool, and would wait for a second connection. Use the client that is there.",
    );
  }
  const client = await pool.connect();
  // A connection that dies while nothing is asked of it tells so by an event; the next statement fails anyway.
  const ignore = () => {};
  client.on("error", ignore);
  const held: Held = { pool, isOpen: true };
  const within = [...(underWay.getStore() ?? []), held];
  try {
    const setting = await begin(client, org, options);
    const result = await underWay.run(within, () => work(guarded(client, held)));
    if (!held.isOpen) throw over("The work ended its transaction itself: what came after had no org.");
    held.isOpen = false;
    await commit(client, setting);
    client.off("error", ignore);
    client.release();
    return result;
  } catch (error) {
    held.isOpen = false;
    // First, because on PGlite a connection that is only given up leaves its transaction open, with its org and its role.
    if (!isUnanswered(error)) await client.query("rollback").catch(ignore);
    client.off("error", ignore);
    client.release(true);
    throw error;
  }
}

/** One transaction under way, or over. */
interface Held {
  readonly pool: Pool;
  isOpen: boolean;
}

const underWay = new AsyncLocalStorage<readonly Held[]>();

const idShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const slugShape = /^[a-z0-9][a-z0-9-]{1,98}[a-z0-9]$/;
/** The catalog's, and what somebody has who forgot to fill it in. */
const nil = "00000000-0000-0000-0000-000000000000";

function checkOrg(org: unknown): void {
  if (typeof org === "string" && org !== nil && (idShape.test(org) || slugShape.test(org))) return;
  throw new WithOrgError(
    "malformed-org",
    "An org is named by its id, a uuid, or by its slug. This is neither.",
  );
}

/** What the transaction works as, and for which org. */
interface Setting {
  readonly role: string;
  readonly id: string;
}

async function begin(client: PoolClient, org: string, options: WithOrgOptions): Promise<Setting> {
  const { role = "none", isolation = "read committed", readOnly = false } = options;
  await client.query(`begin isolation level ${isolation} ${readOnly ? "read only" : "read write"}`);
  const id = idShape.test(org) ? org : await lookUp(client, org, options);
  // The role of an estate that has but one says by a setting what it works as.
  await client.query(
    "select set_config('role', $1, true), set_config('tenantry.role', 'app', true), set_config('tenantry.org_id', $2, true)",
    [role, id],
  );
  return { role, id };
}

async function lookUp(
  client: PoolClient,
  slug: string,
  { lookUpAs, schema = "tenantry" }: WithOrgOptions,
): Promise<string> {
  if (lookUpAs !== undefined) await client.query("select set_config('role', $1, true)", [lookUpAs]);
  const table = `"${schema.replaceAll('"', '""')}".org`;
  const { rows } = await client.query<{ id: string }>(`select org_id as id from ${table} where slug = $1`, [
    slug,
  ]);
  const [found] = rows;
  if (found) return found.id;
  throw new WithOrgError(
    "unknown-org",
    `No org "${slug}" is to be seen. A login that sees no org without being told which has to name one that does, by lookUpAs, or use ids.`,
  );
}

/** The client as the work gets it: statements one after another, and none once the transaction is over. */
function guarded(client: PoolClient, held: Held): OrgClient {
  let before: Promise<unknown> = Promise.resolve();
  const query = (...given: unknown[]): unknown => {
    const send = client.query as (...values: unknown[]) => unknown;
    const run = async () => {
      refuseOver(held);
      const result = await send.apply(client, given);
      // What is sent now would run outside, without the org, and as the login.
      if (client.getTransactionStatus() === "I") held.isOpen = false;
      return result;
    };
    if (isSubmittable(given[0])) {
      refuseOver(held);
      return send.apply(client, given);
    }
    const result = before.then(run);
    before = result.catch(() => {});
    return result;
  };
  return { query } as OrgClient;
}

function refuseOver({ isOpen }: Held): void {
  if (!isOpen)
    throw over("The transaction of this client is over; its connection may work for another org by now.");
}

/** A cursor, or whatever else sends itself. */
function isSubmittable(query: unknown): boolean {
  return typeof query === "object" && query !== null && "submit" in query;
}

/**
 * Commits, and looks in the same breath whether it still is the transaction that was begun: `commit and chain`, or a
 * COMMIT with a BEGIN behind it, leaves one open that has no org and works as the login.
 */
async function commit(client: PoolClient, { role, id }: Setting): Promise<void> {
  let results: QueryResult[];
  try {
    // Several statements are answered by several results, which the driver's types do not know.
    results = (await client.query(
      "select current_setting('role') as role, current_setting('tenantry.org_id') as id; commit",
    )) as unknown as QueryResult[];
  } catch (error) {
    if (isAborted(error))
      throw over("A statement had failed, so that all is rolled back. Let its error through.", {
        cause: error,
      });
    if (isSaidByServer(error)) throw error;
    throw new WithOrgError(
      "outcome-unknown",
      "The connection was lost while committing: it took effect, or it did not.",
      { cause: error },
    );
  }
  const [at] = results[0]?.rows ?? [];
  if (at?.role !== role || at?.id !== id) {
    throw over("The work left its transaction, its org or its role: what came after had another, or none.");
  }
}

/** In a transaction in which a statement failed nothing is done any more. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "25P02";
}

/** A constraint, or a conflict, that was only found at the end: the server says that it rolled back. */
function isSaidByServer(error: unknown): boolean {
  return (
    error instanceof Error &&
    "severity" in error &&
    /^(?:[234]|P0|0[A-Z9])/.test(String((error as { code?: unknown }).code))
  );
}

/** The driver gave up waiting, and would wait as long for a ROLLBACK; the server makes one when the connection ends. */
function isUnanswered(error: unknown): boolean {
  const cause = error instanceof WithOrgError ? error.cause : error;
  return cause instanceof Error && cause.message === "Query read timeout";
}

function over(message: string, options?: ErrorOptions): WithOrgError {
  return new WithOrgError("transaction-over", message, options);
}
