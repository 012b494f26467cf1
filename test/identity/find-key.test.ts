import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { findKey, findKeyById } from "../../src/identity/find-key.ts";
import { digestOf, makeKeyText } from "../../src/identity/key-text.ts";
import { readKeyVersion } from "../../src/identity/key-version.ts";
import { eachEngine } from "../engines.ts";
import { declareOrg, minted } from "./keys-of-acme.ts";

eachEngine("the search for a key", (open) => {
  let database: Database;
  let acme: string;
  beforeEach(async () => {
    database = await open();
    acme = await declareOrg(database, "acme", {
      billing: { scopes: ["billing:read", "org:read"], expires: "2100-01-01T00:00:00Z" },
    });
  });

  async function found(text: string) {
    const digest = digestOf(text);
    if (!digest) throw new Error("That is no key.");
    return findKey(database, digest);
  }

  it("finds an org's key, with what its manifest says of it", async () => {
    const { id, text } = await minted(database, "billing", "acme");
    const key = {
      id,
      orgId: acme,
      org: "acme",
      name: "billing",
      scopes: ["billing:read", "org:read"],
      expires: Date.UTC(2100, 0, 1),
    };
    expect(await found(text)).toEqual({ lives: true, key });
    expect(await findKeyById(database, id)).toEqual({ lives: true, key });
  });

  it("finds a service's key, which may do everything", async () => {
    const { id, text } = await minted(database, "worker");
    const key = { id, orgId: null, org: null, name: "worker", scopes: ["*:*"], expires: null };
    expect(await found(text)).toEqual({ lives: true, key });
    expect(await findKeyById(database, id)).toEqual({ lives: true, key });
  });

  it("finds nothing that nobody minted", async () => {
    await minted(database, "billing", "acme");
    expect(await findKey(database, makeKeyText().digest)).toBeNull();
    expect(await findKeyById(database, crypto.randomUUID())).toBeNull();
  });

  it.each([
    ["revoked", "update tenantry.org_key set revoked_at = now()"],
    ["over by its own time", "update tenantry.org_key set expires = now()"],
    ["over by the manifest's time", "update tenantry.api_key set expires = now()"],
    ["not declared", "delete from tenantry.api_key"],
    ["declared under another name", "update tenantry.api_key set name = 'other'"],
  ])("finds ended one that is %s", async (_, statement) => {
    const { id, text } = await minted(database, "billing", "acme");
    await database.pool.query(statement);
    const ended = { lives: false, key: { id, orgId: acme, name: "billing" } };
    expect(await found(text)).toMatchObject(ended);
    expect(await findKeyById(database, id)).toMatchObject(ended);
  });

  it.each([
    ["revoked", "update tenantry.service_key set revoked_at = now()"],
    ["over", "update tenantry.service_key set expires = now()"],
  ])("finds ended a service's key that is %s", async (_, statement) => {
    const { id, text } = await minted(database, "worker");
    await database.pool.query(statement);
    expect(await found(text)).toMatchObject({ lives: false, key: { id, orgId: null } });
    expect(await findKeyById(database, id)).toMatchObject({ lives: false });
  });

  it.each([
    ["whose org is gone", "billing", "acme", "delete from tenantry.api_key; delete from tenantry.org"],
    ["whose row was taken away", "worker", undefined, "delete from tenantry.service_key"],
  ])("knows nothing of a key %s", async (_, name, org, statement) => {
    const { id, text } = await minted(database, name, org);
    await database.pool.query(statement);
    expect(await found(text)).toBeNull();
    expect(await findKeyById(database, id)).toBeNull();
  });

  it("ends at the earlier of the key's own time and the declared one", async () => {
    const { text } = await minted(database, "billing", "acme");
    await database.pool.query("update tenantry.org_key set expires = '2099-01-01T00:00Z'");
    expect((await found(text))?.key.expires).toBe(Date.UTC(2099, 0, 1));
    await database.pool.query("update tenantry.api_key set expires = '2098-01-01T00:00Z'");
    expect((await found(text))?.key.expires).toBe(Date.UTC(2098, 0, 1));
  });

  it("does not take another org's declaration of the name for this one's", async () => {
    const { text } = await minted(database, "billing", "acme");
    await declareOrg(database, "globex", { billing: {} });
    await database.pool.query("delete from tenantry.api_key where org_id = $1", [acme]);
    expect(await found(text)).toMatchObject({ lives: false });
  });

  it("has a version that every change of a key moves, by whomever, and nothing else", async () => {
    const versions = [await readKeyVersion(database)];
    const changes = [
      () => minted(database, "billing", "acme"),
      () => minted(database, "worker"),
      () => database.pool.query("update tenantry.org_key set revoked_at = now()"),
      () => database.pool.query("update tenantry.service_key set expires = now()"),
      () => database.pool.query("delete from tenantry.service_key"),
      () => database.pool.query("insert into tenantry.signing_key values ('a', '{}', '{}', now(), now())"),
    ];
    for (const change of changes) {
      await change();
      versions.push(await readKeyVersion(database));
      expect(await readKeyVersion(database)).toBe(versions.at(-1));
    }
    expect(new Set(versions).size).toBe(changes.length + 1);
  });
});
