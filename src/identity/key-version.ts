import type { Database } from "../database/connect.ts";
import { readAtOnce } from "../database/read-at-once.ts";

/**
 * What changes with every change of a key, of whatever kind: whoever remembers keys has to forget them when it is
 * another than before. It does not change with what the manifests declare of keys, nor with time.
 */
export async function readKeyVersion(database: Database): Promise<string> {
  const [row] = await readAtOnce<{ version: string }>(
    database,
    "runtime",
    // A restored database may count the same numbers again.
    "select e.epoch || '/' || k.version as version from estate e, key_state k",
  );
  if (!row) throw new Error("key_state has lost its only row.");
  return row.version;
}
