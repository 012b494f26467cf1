import type { Database } from "../../src/database/connect.ts";
import { mintKey } from "../../src/identity/mint-key.ts";

/** Writes an org by hand, and the keys that it is to have; gives its id. */
export async function declareOrg(
  database: Database,
  slug: string,
  keys: Readonly<Record<string, { readonly scopes?: readonly string[]; readonly expires?: string }>>,
): Promise<string> {
  const id = crypto.randomUUID();
  await database.pool.query("insert into tenantry.org (org_id, id, slug) values ($1, $1, $2)", [id, slug]);
  for (const [name, { scopes = [], expires = null }] of Object.entries(keys)) {
    await database.pool.query(
      "insert into tenantry.api_key (org_id, name, scopes, expires) values ($1, $2, $3, $4)",
      [id, name, scopes, expires],
    );
  }
  return id;
}

/** Mints a key where nothing is in the way: of an org by its slug, of a service without one. */
export async function minted(
  database: Database,
  name: string,
  org?: string,
): Promise<{ readonly id: string; readonly text: string }> {
  const holder = org === undefined ? { kind: "service" as const, name } : { kind: "org" as const, org, name };
  const key = await mintKey(database, holder, { actor: "dora" });
  if ("fault" in key) throw new Error(`No key was minted: ${key.fault}`);
  return key;
}
