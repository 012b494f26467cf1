import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { openSigningKeys } from "../../src/identity/signing-keys.ts";
import { eachEngine } from "../engines.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 10, 1);

eachEngine("the signing keys", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });

  it("are made by whoever comes first, and found by everybody else", async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, () => openSigningKeys(database, start)));
    const [first] = opened.map((keys) => keys.signer(start).kid);
    for (const keys of opened) {
      expect(keys.published(start).map(({ kid }) => kid)).toEqual([first]);
      expect(keys.signer(start).kid).toBe(first);
    }
    const { rows } = await database.pool.query("select count(*)::int as n from tenantry.signing_key");
    expect(rows).toEqual([{ n: 1 }]);
  });

  it("publish a public key alone", async () => {
    const keys = await openSigningKeys(database, start);
    const [published] = keys.published(start);
    expect(published?.jwk).toEqual({
      kty: "OKP",
      crv: "Ed25519",
      alg: "EdDSA",
      use: "sig",
      kid: published?.kid,
      x: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it("follow one another: published at once, signing ten minutes later, gone when the last token has ended", async () => {
    const first = (await openSigningKeys(database, start)).signer(start).kid;
    expect((await openSigningKeys(database, start + 30 * day - 1)).published(start + 30 * day)).toHaveLength(
      1,
    );
    const turn = start + 30 * day;
    const keys = await openSigningKeys(database, turn);
    const [, second] = keys.published(turn).map(({ kid }) => kid);
    expect(second).not.toBe(first);
    expect(keys.signer(turn + 10 * minute - 1).kid).toBe(first);
    expect(keys.signer(turn + 10 * minute).kid).toBe(second);
    const published = (at: number) => keys.published(at).map(({ kid }) => kid);
    expect(published(turn)).toEqual([first, second]);
    expect(published(turn + 21 * minute - 1)).toEqual([first, second]);
    expect(published(turn + 21 * minute)).toEqual([second]);
    const later = turn + 21 * minute;
    expect((await openSigningKeys(database, later)).published(later).map(({ kid }) => kid)).toEqual([second]);
  });

  it("follow one another once, however many find it due", async () => {
    await openSigningKeys(database, start);
    const due = start + 31 * day;
    await Promise.all(Array.from({ length: 4 }, () => openSigningKeys(database, due)));
    expect((await openSigningKeys(database, due)).published(due)).toHaveLength(2);
  });
});
