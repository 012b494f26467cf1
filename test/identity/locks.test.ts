import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { LockHeld } from "../../src/database/database-error.ts";
import { migrate } from "../../src/database/migrate.ts";
import { mintKey } from "../../src/identity/mint-key.ts";
import { revokeKeys } from "../../src/identity/revoke-key.ts";
import { rotateKey } from "../../src/identity/rotate-key.ts";
import { openSigningKeys } from "../../src/identity/signing-keys.ts";
import { eachEngine, urls } from "../engines.ts";
import { get } from "../server/answers.ts";
import { bearer, keyedEstate } from "../server/identity/keyed-estate.ts";
import { minted } from "./keys-of-acme.ts";

const worker = { kind: "service", name: "worker" } as const;
const day = 24 * 3_600_000;

eachEngine("whoever holds locks", (open, engine) => {
  if (engine === "pglite") return it("has the embedded database to itself", () => {});
  let database: Database;
  let other: pg.Client;
  beforeEach(async () => {
    database = await open();
    other = new pg.Client({ connectionString: urls.get(database), application_name: "other" });
    await other.connect();
  });
  afterEach(() => other.end());

  /** PostgreSQL lets every role take them. */
  const holdEveryAdvisoryLock = () =>
    other.query(
      `select pg_advisory_lock(hashtextextended(name, 0))
       from unnest(array['tenantry/key/worker', 'tenantry.signing-key', 'tenantry.migrate']) name`,
    );

  it("as any role may, is in nobody's way who makes or ends keys", async () => {
    await holdEveryAdvisoryLock();
    await minted(database, "worker");
    expect(await rotateKey(database, worker, { actor: "dora", grace: 0 })).toHaveProperty("text");
    expect(await revokeKeys(database, worker, "dora")).toHaveLength(1);
    const now = Date.now();
    expect((await openSigningKeys(database, now)).published(now)).toHaveLength(1);
    expect((await openSigningKeys(database, now + 30 * day)).published(now + 30 * day)).toHaveLength(2);
  });

  it("of keys is waited for as long as was said, and named", async () => {
    await other.query("begin; update tenantry.key_state set version = version + 1");
    const minting = mintKey(database, worker, { actor: "dora", lockTimeout: 100 });
    await expect(minting).rejects.toThrow(/^Somebody else holds the lock: other, role /);
    await expect(minting).rejects.toBeInstanceOf(LockHeld);
    await expect(openSigningKeys(database, Date.now())).rejects.toBeInstanceOf(LockHeld);
    await other.query("rollback");
    const { kid } = (await openSigningKeys(database, Date.now())).signer(Date.now());
    await other.query("begin; update tenantry.key_state set version = version + 1");
    const due = Date.now() + 30 * day;
    expect((await openSigningKeys(database, due)).published(due).map((key) => key.kid)).toEqual([kid]);
  });

  it("of migrations is waited for as long as was said, and named", async () => {
    await holdEveryAdvisoryLock();
    const migrating = migrate(database, 100);
    await expect(migrating).rejects.toBeInstanceOf(LockHeld);
    await expect(migrating).rejects.toThrow(/in the way of the migration: other, role /);
  });

  it("of signing keys holds up no revocation", async () => {
    const served = await keyedEstate(database);
    const status = async () => (await get(served, "/v1/key", bearer(served.keys.edge))).status;
    expect(await status()).toBe(200);
    // Another is due from now on, and cannot be written.
    await other.query("update tenantry.signing_key set created_at = created_at - interval '31 days'");
    await other.query("begin; lock table tenantry.signing_key in exclusive mode");
    await database.pool.query("update tenantry.key_state set version = version + 1");
    await setTimeout(600);
    await revokeKeys(database, { kind: "service", name: "edge" }, "dora");
    const begun = performance.now();
    while ((await status()) === 200 && performance.now() - begun < 5_000) await setTimeout(10);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
