import pg from "pg";
import { createLocalClient } from "tenantry/client";
import { openEmbeddedEstate } from "tenantry/embedded";

/**
 * Opens the database that the tenants and the app's own tables are in, and a client that answers from it in this process.
 * What was applied is answered by at once, with no restart.
 *
 * @param {{ DATABASE_URL?: string }} environment
 */
export async function openTenants({ DATABASE_URL }) {
  // Without a server this process owns the database, so that it also applies `tenants/`, now and with every edit.
  if (!DATABASE_URL) return openEmbeddedEstate({ tell: (line) => process.stdout.write(line) });

  // On a server whoever deploys applies them: `npx tenantry apply`.
  const client = await createLocalClient({ database: DATABASE_URL });
  const pool = new pg.Pool({ connectionString: DATABASE_URL });
  // An idle connection that the server ends would otherwise end this process.
  pool.on("error", (error) => console.error(error.message));
  const close = async () => {
    await client.close();
    await pool.end();
  };
  return { client, pool, close };
}
