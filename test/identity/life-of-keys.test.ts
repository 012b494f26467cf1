import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { findKey } from "../../src/identity/find-key.ts";
import { digestOf } from "../../src/identity/key-text.ts";
import { listKeys } from "../../src/identity/list-keys.ts";
import { mintKey } from "../../src/identity/mint-key.ts";
import { revokeKeyById, revokeKeys } from "../../src/identity/revoke-key.ts";
import { type RotatedKey, rotateKey } from "../../src/identity/rotate-key.ts";
import { eachEngine } from "../engines.ts";
import { declareOrg, minted } from "./keys-of-acme.ts";

const ci = { kind: "org", org: "acme", name: "ci" } as const;
const worker = { kind: "service", name: "worker" } as const;
const dora = { actor: "dora" };
const hour = 3_600_000;

eachEngine("a key's life", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await declareOrg(database, "acme", { ci: { scopes: ["flags:read"] }, warehouse: {} });
  });

  async function works(text: string): Promise<boolean> {
    return (await findKey(database, digestOf(text) as Buffer))?.lives === true;
  }

  async function rotated(holder: typeof ci | typeof worker, grace: number): Promise<RotatedKey> {
    const key = await rotateKey(database, holder, { ...dora, grace });
    if ("fault" in key) throw new Error(`No key was rotated: ${key.fault}`);
    return key;
  }

  it("begins once: the second of a name is a rotation's to make, also of two at the same time", async () => {
    for (const holder of [ci, worker]) {
      const both = await Promise.all([mintKey(database, holder, dora), mintKey(database, holder, dora)]);
      expect(both.map((one) => ("fault" in one ? one.fault : "made")).sort()).toEqual(["made", "minted"]);
    }
  });

  it("begins only under a name that the manifest declares", async () => {
    const mint = (org: string, name: string) => mintKey(database, { kind: "org", org, name }, dora);
    expect(await mint("acme", "cli")).toMatchObject({ fault: "undeclared", path: null });
    expect(await mint("globex", "ci")).toEqual({ fault: "unknown-org", slugs: ["acme"] });
    expect(await listed()).toEqual(["acme ci not minted", "acme warehouse not minted"]);
  });

  it("goes on for the grace of a rotation, and no longer", async () => {
    const first = await minted(database, "ci", "acme");
    const second = await rotated(ci, hour);
    expect(second.ending).toEqual([first.id]);
    expect([await works(first.text), await works(second.text)]).toEqual([true, true]);
    await later(hour);
    expect([await works(first.text), await works(second.text)]).toEqual([false, true]);
  });

  it("ends at once with no grace, and sooner than its grace where it was to", async () => {
    const first = await minted(database, "worker");
    const second = await rotated(worker, hour);
    const third = await rotated(worker, 24 * hour);
    expect(third.ending.toSorted()).toEqual([first.id, second.id].sort());
    await later(hour);
    expect([await works(first.text), await works(second.text), await works(third.text)]).toEqual([
      false,
      true,
      true,
    ]);
    const fourth = await rotated(worker, 0);
    expect([await works(second.text), await works(third.text), await works(fourth.text)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("is not made longer by a rotation", async () => {
    const expires = "2100-01-01T00:00:00Z";
    await mintKey(database, worker, { ...dora, expires });
    expect((await rotated(worker, hour)).expires).toBe(expires);
  });

  it("says when it ends, and when those of before do, whichever end comes first", async () => {
    const ends = "2100-01-01T00:00:00Z";
    await database.pool.query("update tenantry.api_key set expires = $1", [ends]);
    const first = await mintKey(database, ci, dora);
    expect(first).toMatchObject({ expires: ends });
    const soon = await rotated(ci, hour);
    expect(soon).toMatchObject({ expires: ends, endingBy: expect.stringMatching(/^20[2-9]\d-/) });
    expect(Date.parse(soon.endingBy ?? "")).toBeLessThan(Date.parse(ends));
    expect(await rotated(ci, 200 * 365 * 24 * hour)).toMatchObject({ expires: ends, endingBy: ends });
    expect(await rotated(ci, 0)).toMatchObject({ endingBy: null });

    await mintKey(database, worker, { ...dora, expires: ends });
    expect(await rotated(worker, 200 * 365 * 24 * hour)).toMatchObject({ expires: ends, endingBy: ends });
  });

  it("is not made under a name whose end by the manifest is past", async () => {
    const fault = { fault: "ended", ended: "2020-01-01T00:00:00Z", path: null };
    const first = await minted(database, "ci", "acme");
    await database.pool.query("update tenantry.api_key set expires = '2020-01-01'");
    expect(await mintKey(database, ci, dora)).toEqual(fault);
    expect(await rotateKey(database, ci, { ...dora, grace: hour })).toEqual(fault);
    expect(await listed("acme")).toEqual(["acme ci expired", "acme warehouse not minted"]);
    expect(await revokeKeys(database, ci, "dora")).toEqual([first.id]);
  });

  it("ends with a revocation: of all of its name, or of one", async () => {
    const first = await minted(database, "ci", "acme");
    const second = await rotated(ci, hour);
    const other = await minted(database, "worker");
    expect(await revokeKeyById(database, second.id, "dora")).toBe(true);
    expect(await revokeKeyById(database, second.id, "dora")).toBe(false);
    expect([await works(first.text), await works(second.text)]).toEqual([true, false]);
    expect(await revokeKeys(database, ci, "dora")).toEqual([first.id]);
    expect([await works(first.text), await works(other.text)]).toEqual([false, true]);
    expect(await revokeKeys(database, ci, "dora")).toEqual({ fault: "not-minted" });
    expect(await rotateKey(database, ci, { ...dora, grace: 0 })).toEqual({ fault: "not-minted" });
  });

  it("can be ended by a revocation, too, when it is declared no more", async () => {
    const { id, text } = await minted(database, "ci", "acme");
    await database.pool.query("delete from tenantry.api_key");
    expect(await listed()).toEqual(["acme ci undeclared"]);
    expect(await revokeKeys(database, ci, "dora")).toEqual([id]);
    await database.pool.query(
      "insert into tenantry.api_key (org_id, name) select org_id, 'ci' from tenantry.org",
    );
    expect(await works(text)).toBe(false);
  });

  it("is told of in a list: what works, what ended, and what is not minted", async () => {
    await minted(database, "ci", "acme");
    await minted(database, "worker");
    await rotated(worker, 0);
    expect(await listed()).toEqual([
      "services worker live",
      "services worker revoked",
      "acme ci live",
      "acme warehouse not minted",
    ]);
    expect(await listed("acme")).toEqual(["acme ci live", "acme warehouse not minted"]);
    await database.pool.query("update tenantry.api_key set expires = now()");
    expect(await listed("acme")).toEqual(["acme ci expired", "acme warehouse not minted"]);
    expect(await listKeys(database, "globex")).toEqual({ fault: "unknown-org", slugs: ["acme"] });
  });

  async function listed(org?: string): Promise<string[]> {
    const keys = await listKeys(database, org);
    if ("fault" in keys) throw new Error(keys.fault);
    return keys.map((key) => `${key.org ?? "services"} ${key.name} ${key.standing}`);
  }

  /** Time goes by: for keys it is the database's clock that counts. */
  async function later(milliseconds: number): Promise<void> {
    for (const table of ["org_key", "service_key"]) {
      await database.pool.query(
        `update tenantry.${table} set expires = expires - $1::float8 * interval '1 millisecond'`,
        [milliseconds],
      );
    }
  }
});
