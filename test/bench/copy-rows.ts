import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { kindsInOrder } from "../../src/model/order.ts";

/** Rows of every kind in files that the server can read. */
export interface CopiedRows {
  readonly rows: number;
  /** Loads the rows into an empty schema, in one transaction; milliseconds. */
  loadInto(url: string, checks: "no triggers" | "foreign keys"): Promise<number>;
  remove(): void;
}

/** Has the server write all rows of all kinds to files. The server has to be on this machine. */
export async function copyRowsOf(url: string): Promise<CopiedRows> {
  const folder = mkdtempSync(join(tmpdir(), "tenantry-bench-copy-"));
  // The server writes as a user of its own.
  chmodSync(folder, 0o777);
  const client = await connected(url);
  let rows = 0;
  for (const kind of kindsInOrder) {
    const copied = await client.query(`copy tenantry.${kind} to '${join(folder, kind)}'`);
    rows += copied.rowCount ?? 0;
  }
  await client.end();
  return {
    rows,
    loadInto: (into, checks) => load(folder, into, checks),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

async function load(folder: string, url: string, checks: "no triggers" | "foreign keys"): Promise<number> {
  const client = await connected(url);
  const which = checks === "no triggers" ? "all" : "user";
  for (const kind of kindsInOrder)
    await client.query(`alter table tenantry.${kind} disable trigger ${which}`);
  const begun = performance.now();
  await client.query("begin");
  for (const kind of kindsInOrder) await client.query(`copy tenantry.${kind} from '${join(folder, kind)}'`);
  await client.query("commit");
  const milliseconds = performance.now() - begun;
  await client.end();
  return milliseconds;
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
