import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { findKeys } from "../../src/database/find-keys.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { eachEngine } from "../engines.ts";
import { declareOrg, minted } from "../identity/keys-of-acme.ts";

const now = "2026-11-21T09:00:00Z";

eachEngine("the keys that a plan asks for", (open) => {
  let database: Database;
  let acme: string;
  beforeEach(async () => {
    database = await open();
    acme = await declareOrg(database, "acme", { ci: {}, web: {}, over: { expires: now } });
    await minted(database, "ci", "acme");
  });

  async function found(...touched: string[]): Promise<string[]> {
    const keys = touched.map((name) => ({ orgId: acme, name }));
    const all = await inTransaction(database, "apply", { readOnly: true }, (transaction) =>
      findKeys(transaction, keys, now),
    );
    return all
      .map(
        ({ org, name, isDeclared, isMinted }) =>
          `${org} ${name}${isDeclared ? " declared" : ""}${isMinted ? " minted" : ""}`,
      )
      .sort();
  }

  it("are those of the whole estate that are declared and not minted, unless they have ended", async () => {
    await declareOrg(database, "globex", { app: {} });
    expect(await found()).toEqual(["acme web declared", "globex app declared"]);
    await database.pool.query("update tenantry.org_key set revoked_at = now()");
    expect(await found()).toContain("acme ci declared");
  });

  it("are those of no org that is put away", async () => {
    await database.pool.query("update tenantry.org set status = 'archived'");
    expect(await found()).toEqual([]);
  });

  it("are those that are named, whatever is known of them", async () => {
    expect(await found("ci")).toEqual(["acme ci declared minted", "acme web declared"]);
    await database.pool.query("delete from tenantry.api_key");
    expect(await found("ci", "web")).toEqual(["acme ci minted"]);
  });
});
