import type { Database } from "./connect.ts";
import { inTransaction } from "./in-transaction.ts";
import { type Estate, readEstate } from "./read-estate.ts";
import type { Transaction } from "./transaction.ts";

/** Waits for the estate's one lock, and for every later lock, at most so many milliseconds. */
export async function lockEstate(transaction: Transaction, timeout: number): Promise<Estate> {
  // PostgreSQL takes 0 for ever; here it means not to wait.
  await transaction.query("select set_config('lock_timeout', $1, true)", [
    `${Math.max(1, Math.round(timeout))}ms`,
  ]);
  return readEstate(transaction, "locked");
}

/**
 * Who is at work in the estate, as far as this login may see. A row's lock stands in the row; what
 * `pg_locks` shows of its holder is the lock on the table that goes with it.
 */
export async function whoHoldsTheLock(database: Database): Promise<string> {
  const { rows } = await inTransaction(database, "apply", { readOnly: true }, (transaction) =>
    transaction.query<{
      pid: number;
      application: string | null;
      login: string | null;
      since: string | null;
    }>(`
      select a.pid, a.application_name as application, a.usename as login,
        to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS"Z"') as since
      from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'relation' and l.granted and a.pid <> pg_backend_pid()
        and l.database = (select oid from pg_database where datname = current_database())
        and l.relation = 'estate'::regclass and l.mode in ('RowShareLock', 'RowExclusiveLock')
      order by a.xact_start`),
  );
  if (rows.length === 0) return "who it is cannot be seen from here";
  return rows
    .map(({ pid, application, login, since }) => {
      const about = [`role ${login ?? "unknown"}`, `process ${pid}`, ...(since ? [`since ${since}`] : [])];
      return `${application || "a session"}, ${about.join(", ")}`;
    })
    .join("; ");
}
