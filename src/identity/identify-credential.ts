import type { Database } from "../database/connect.ts";
import { findKey, findKeyById, type LiveKey } from "./find-key.ts";
import type { Identified } from "./key-memory.ts";
import { digestOf } from "./key-text.ts";
import type { Refusal } from "./refusal-tally.ts";
import { type Issuing, type TokenClaims, verifyToken } from "./tokens.ts";

/** How long what was found may be believed without looking again, in milliseconds. */
const times = { known: 60_000, refused: 5_000 };

/** What a credential says by itself. */
export type ReadCredential =
  /** What could be a key: anybody can make one up. */
  | { readonly kind: "key"; readonly digest: Buffer }
  /** A token that we gave. */
  | { readonly kind: "token"; readonly claims: TokenClaims }
  | Extract<Identified, { kind: "refused" }>;

/** Reads a credential, for as far as that goes without the database. */
export async function readCredential(credential: string, issuing: Issuing): Promise<ReadCredential> {
  const { now } = issuing;
  const digest = digestOf(credential);
  if (digest) return { kind: "key", digest };
  // To remember whatever anybody makes up would cost memory.
  if (!isTokenLike.test(credential)) return refused({ reason: "malformed", key: null }, now);
  const claims = await verifyToken(credential, issuing);
  return claims ? { kind: "token", claims } : refused({ reason: "bad-token", key: null }, now);
}

const isTokenLike = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

/** Looks whose key or token it is, and whether that key still works, which only the database knows. */
export async function identifyCredential(
  database: Database,
  read: Exclude<ReadCredential, { kind: "refused" }>,
  now: number,
): Promise<Identified> {
  if (read.kind === "key") {
    const found = await findKey(database, read.digest);
    if (found?.lives) return known(found.key, now);
    const refusal: Refusal = found
      ? { reason: "ended-key", key: found.key }
      : { reason: "unknown-key", key: null };
    return refused(refusal, now + times.refused);
  }
  const { sub, org, until } = read.claims;
  const found = await findKeyById(database, sub);
  if (found?.lives && found.key.orgId === org) return known(found.key, now, until);
  const last = { id: sub, orgId: org, name: found?.key.name ?? null };
  return refused({ reason: "ended-key", key: last }, now + times.refused);
}

function known(key: LiveKey, now: number, ends = Number.POSITIVE_INFINITY): Identified {
  return { kind: "known", key, until: Math.min(now + times.known, key.expires ?? ends, ends) };
}

function refused(refusal: Refusal, until: number): Extract<Identified, { kind: "refused" }> {
  return { kind: "refused", refusal, until };
}
