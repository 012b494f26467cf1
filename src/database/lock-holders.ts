import type { Transaction } from "./transaction.ts";

/** What of `pg_locks l` is held: a condition, and its parameters. */
export interface Held {
  readonly where: string;
  readonly values: readonly unknown[];
}

/**
 * Locks on rows of tables. A row's lock stands in the row; what `pg_locks` shows of its holder is the lock on the table
 * that goes with it.
 */
export function rowsOf(...tables: readonly string[]): Held {
  return {
    where: `l.locktype = 'relation' and l.relation = any($1::text[]::regclass[])
      and l.mode in ('RowShareLock', 'RowExclusiveLock')`,
    values: [tables],
  };
}

/** An advisory lock, by what is hashed. */
export function advisoryLock(name: string): Held {
  return {
    where: `l.locktype = 'advisory' and l.objsubid = 1
      and (l.classid::bigint << 32) | l.objid::bigint = hashtextextended($1, 0)`,
    values: [name],
  };
}

/** Who holds a lock, as far as this login may see; for people. */
export async function lockHolders(
  transaction: Pick<Transaction, "query">,
  { where, values }: Held,
): Promise<string> {
  const { rows } = await transaction.query<{
    pid: number;
    application: string | null;
    login: string | null;
    since: string | null;
  }>(
    `select distinct a.pid, a.application_name as application, a.usename as login, a.xact_start,
       to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS"Z"') as since
     from pg_locks l join pg_stat_activity a using (pid)
     where l.granted and a.pid <> pg_backend_pid()
       and l.database = (select oid from pg_database where datname = current_database())
       and ${where}
     order by a.xact_start`,
    values,
  );
  if (rows.length === 0) return "who it is cannot be seen from here";
  return rows
    .map(({ pid, application, login, since }) => {
      const about = [`role ${login ?? "unknown"}`, `process ${pid}`, ...(since ? [`since ${since}`] : [])];
      return `${application || "a session"}, ${about.join(", ")}`;
    })
    .join("; ");
}

/** Has every lock from here to the transaction's end waited for at most so many milliseconds. */
export async function limitLocks(transaction: Transaction, timeout: number): Promise<void> {
  // PostgreSQL takes 0 for ever; here it means not to wait.
  await transaction.query("select set_config('lock_timeout', $1, true)", [
    `${Math.max(1, Math.round(timeout))}ms`,
  ]);
}
