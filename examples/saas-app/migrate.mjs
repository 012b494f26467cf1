import { readFile } from "node:fs/promises";
import pg from "pg";

/**
 * Makes the app's table where there is none: as whoever deploys, where that is another login, so that the app itself does
 * not own it and cannot turn its row-level security off.
 *
 * @param {string | undefined} deployUrl
 * @param {pg.Pool} appPool
 */
export async function migrate(deployUrl, appPool) {
  const pool = deployUrl ? new pg.Pool({ connectionString: deployUrl, max: 1 }) : appPool;
  const client = await pool.connect();
  try {
    await client.query("begin");
    // Of two processes that start at once the second finds it done.
    await client.query("select pg_advisory_xact_lock(hashtextextended('app.orders', 0))");
    const { rows } = await client.query("select to_regclass('app.orders') is null as is_due");
    if (rows[0].is_due) await client.query(await readFile(new URL("migration.sql", import.meta.url), "utf8"));
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    client.release();
    if (pool !== appPool) await pool.end();
  }
}
