import type { Database } from "../database/connect.ts";
import { findKey, findKeyById, type LiveKey } from "./find-key.ts";
import type { Identified } from "./key-memory.ts";
import { digestOf } from "./key-text.ts";
import type { Refusal } from "./refusal-tally.ts";
import { type Issuing, verifyToken } from "./tokens.ts";

/** How long what was found may be believed without looking again, in milliseconds. */
const times = { known: 60_000, refused: 5_000 };

/** Looks whose key or token something is. The database is asked only about what could be one. */
export async function identifyCredential(
  database: Database,
  credential: string,
  issuing: Issuing,
): Promise<Identified> {
  const { now } = issuing;
  const digest = digestOf(credential);
  if (digest) {
    const key = await findKey(database, digest);
    return key ? known(key, now) : refused({ reason: "unknown-key", key: null }, now + times.refused);
  }
  // These cost no query, and to remember whatever anybody makes up would cost memory.
  if (!isTokenLike.test(credential)) return refused({ reason: "malformed", key: null }, now);
  const claims = await verifyToken(credential, issuing);
  if (!claims) return refused({ reason: "bad-token", key: null }, now);
  const { sub, org, until } = claims;
  // It proves whose it was; whether that key still works only the database knows.
  const key = await findKeyById(database, sub);
  return key && key.orgId === org
    ? known(key, now, until)
    : refused({ reason: "ended-key", key: { id: sub, orgId: org, name: null } }, now + times.refused);
}

const isTokenLike = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

function known(key: LiveKey, now: number, ends = Number.POSITIVE_INFINITY): Identified {
  return { kind: "known", key, until: Math.min(now + times.known, key.expires ?? ends, ends) };
}

function refused(refusal: Refusal, until: number): Identified {
  return { kind: "refused", refusal, until };
}
