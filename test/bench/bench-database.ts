import pg from "pg";
import { openDatabase } from "../../src/database/connect.ts";
import { migrate } from "../../src/database/migrate.ts";

/** Roles belong to the whole cluster: these are the benchmark's alone. */
export const rolePrefix = "tenantry_bench_";

/** A server on which databases can be made, all of them with the same empty schema. */
export interface BenchServer {
  /** Its version, and the settings that loading depends on. */
  readonly conditions: string;
  /** Makes a database with the schema and nothing in it, in place of one that was there; its URL. */
  fresh(name: string): Promise<string>;
  /** Writes what lies in memory to disk, so that no measurement pays for the one before it. */
  settle(): Promise<void>;
  /** Takes away every database and role that was made here. */
  close(): Promise<void>;
}

/** Takes a superuser's URL; null where no server answers there. */
export async function openBenchServer(url: string): Promise<BenchServer | null> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const settings = await pool
    .query<{ text: string }>(
      `select 'PostgreSQL ' || string_agg(name || ' ' || current_setting(name), ', ' order by position) as text
       from unnest(array['server_version', 'fsync', 'synchronous_commit', 'shared_buffers', 'wal_level'])
         with ordinality as setting (name, position)`,
    )
    .catch(() => null);
  if (settings === null) {
    await pool.end();
    return null;
  }
  const made = new Set<string>();
  const urlOf = (name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const make = async (name: string, from: string) => {
    await pool.query(`drop database if exists ${name} with (force)`);
    await pool.query(`create database ${name} template ${from}`);
    made.add(name);
    return urlOf(name);
  };
  const empty = `tenantry_bench_${process.pid}`;
  const database = await openDatabase({ url: await make(empty, "template0"), rolePrefix });
  await migrate(database).finally(() => database.close());
  return {
    conditions: `${settings.rows[0]?.text}`,
    fresh: (name) => make(`${empty}_${name}`, empty),
    settle: async () => void (await pool.query("checkpoint")),
    async close() {
      for (const name of made) await pool.query(`drop database if exists ${name} with (force)`);
      for (const role of ["app", "apply", "runtime", "owner"]) {
        await pool.query(`drop role if exists ${rolePrefix}${role}`);
      }
      await pool.end();
    },
  };
}
