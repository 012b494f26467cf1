import { openDatabase } from "../../../src/database/connect.ts";
import { mintKey } from "../../../src/identity/mint-key.ts";
import { rolePrefix } from "../bench-database.ts";

/** Mints a service's key in a database; gives its text. */
export async function mintedKey(url: string): Promise<string> {
  const database = await openDatabase({ url, rolePrefix });
  try {
    const minted = await mintKey(database, { kind: "service", name: "bench" }, { actor: "bench" });
    if ("fault" in minted) throw new Error(`No key was minted: ${minted.fault}`);
    return minted.text;
  } finally {
    await database.close();
  }
}
