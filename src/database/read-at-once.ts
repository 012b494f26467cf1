import type { Database } from "./connect.ts";
import { beginning, workingRoles } from "./in-transaction.ts";
import type { Role } from "./roles.ts";
import { isUnanswered } from "./transaction.ts";

/**
 * What one statement without parameters reads, in a transaction that is one message to the server and one answer: in a
 * process that is busy, each answer waits for its turn. Throws what the server or the driver say, and as `workingRoles` does.
 */
export async function readAtOnce<Row extends object>(
  database: Database,
  role: Role,
  statement: string,
): Promise<readonly Row[]> {
  const begin = beginning(database, await workingRoles(database), role, { readOnly: true });
  const client = await database.pool.connect();
  // A connection that dies tells so by event, too, which nobody else hears.
  const ignore = () => {};
  client.on("error", ignore);
  try {
    // Of several statements the driver gives an answer each.
    const answers: unknown = await client.query(`${begin}; ${statement}; commit`);
    client.off("error", ignore);
    client.release();
    return (answers as readonly { readonly rows: readonly Row[] }[]).at(-2)?.rows ?? [];
  } catch (error) {
    if (!isUnanswered(error)) await client.query("rollback").catch(() => {});
    client.release(true);
    throw error;
  }
}
