import { randomUUID } from "node:crypto";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import type { Database } from "../database/connect.ts";
import { LockHeld } from "../database/database-error.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { limitLocks } from "../database/lock-holders.ts";
import { sqlState, sqlStateOf } from "../database/sql-state.ts";
import type { Transaction } from "../database/transaction.ts";
import { lockKeys } from "./change-keys.ts";

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The public part, as it is published. */
  readonly jwk: JWK;
  /** Milliseconds since 1970. */
  readonly signsFrom: number;
  /** When the last token that it signed has ended; null while it is the newest. */
  readonly retires: number | null;
}

export interface SigningKeys {
  /** What signs at a time: the newest that has begun to. */
  signer(now: number): SigningKey;
  /** What is published at a time, and verifies: also what is to sign soon, and what has tokens that have not ended. */
  published(now: number): readonly SigningKey[];
}

/** How long a token is good for, in seconds. */
export const tokenSeconds = 600;

const minute = 60_000;
const day = 24 * 60 * minute;
const lifetime = 30 * day;
/** How long a new key is published before it signs: by then every server and every app has seen it. */
const notice = 10 * minute;
/** How far the clocks of servers may be apart. */
const slack = minute;

/**
 * The keys that sign tokens, as the database has them: the first is made by whoever comes first, and another one when
 * the newest is 30 days old; where somebody is in the way of that, those that there are go on. To be asked again when the
 * key version is another one, and once in a while for the time. Throws `LockHeld` where there is none and none can be made.
 */
export async function openSigningKeys(database: Database, now: number): Promise<SigningKeys> {
  let rows = await inTransaction(database, "runtime", { readOnly: true }, readKeys);
  if (isDue(rows, now)) rows = await makeDueKey(database, now).catch((error) => inTheWay(error, rows));
  const lasting = rows.filter(({ retires }) => retires === null || retires > now);
  const keys = await Promise.all(lasting.map(importKey));
  return {
    signer(at) {
      // With clocks apart, the first one may be from a moment ahead.
      const key = keys.findLast(({ signsFrom }) => signsFrom <= at) ?? keys[0];
      if (!key) throw new Error("There is no signing key.");
      return key;
    },
    published: (at) => keys.filter(({ retires }) => retires === null || retires > at),
  };
}

/** How long a lock is waited for, in milliseconds; then the keys that there are go on. */
const lockTimeout = 2_000;

function inTheWay(error: unknown, rows: readonly KeyRow[]): readonly KeyRow[] {
  if (sqlStateOf(error) !== sqlState.lockNotAvailable) throw error;
  if (rows.length > 0) return rows;
  throw new LockHeld("There is no key to sign tokens with, and somebody else changes keys. Try again.", {
    cause: error,
  });
}

interface KeyRow {
  readonly kid: string;
  readonly private: JWK;
  readonly public: JWK;
  readonly created: number;
  readonly signsFrom: number;
  readonly retires: number | null;
}

async function readKeys(transaction: Transaction): Promise<readonly KeyRow[]> {
  const { rows } = await transaction.query<KeyRow>(
    `select kid, private, public, ${milliseconds("created_at")} as created, ${milliseconds("signs_from")} as "signsFrom",
       ${milliseconds("retires")} as retires
     from signing_key order by signs_from, kid`,
  );
  return rows;
}

function milliseconds(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8`;
}

function isDue(keys: readonly KeyRow[], now: number): boolean {
  const newest = keys.at(-1);
  return newest === undefined || newest.created + lifetime <= now;
}

/** Of several that find it due at once one makes the key, and the others find it made. */
async function makeDueKey(database: Database, now: number): Promise<readonly KeyRow[]> {
  return inTransaction(database, "runtime", {}, async (transaction) => {
    await limitLocks(transaction, lockTimeout);
    await lockKeys(transaction, "signing_key");
    const keys = await readKeys(transaction);
    if (!isDue(keys, now)) return keys;
    const signsFrom = keys.length === 0 ? now : now + notice;
    await transaction.query(
      "update signing_key set retires = to_timestamp($1::float8 / 1000) where retires is null",
      [signsFrom + tokenSeconds * 1_000 + slack],
    );
    await writeKey(transaction, { created: now, signsFrom });
    return readKeys(transaction);
  });
}

async function writeKey(
  transaction: Transaction,
  { created, signsFrom }: { readonly created: number; readonly signsFrom: number },
): Promise<void> {
  const pair = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const kid = randomUUID();
  const named = { kid, alg: "EdDSA", use: "sig" };
  await transaction.query(
    `insert into signing_key (kid, private, public, created_at, signs_from)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000))`,
    [
      kid,
      JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...named }),
      JSON.stringify({ ...(await exportJWK(pair.publicKey)), ...named }),
      created,
      signsFrom,
    ],
  );
}

async function importKey(row: KeyRow): Promise<SigningKey> {
  const imported = async (jwk: JWK) => (await importJWK(jwk, "EdDSA")) as CryptoKey;
  return {
    kid: row.kid,
    privateKey: await imported(row.private),
    publicKey: await imported(row.public),
    jwk: row.public,
    signsFrom: row.signsFrom,
    retires: row.retires,
  };
}
