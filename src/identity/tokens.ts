import { randomUUID } from "node:crypto";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { validate } from "uuid";
import type { LiveKey } from "./find-key.ts";
import { type SigningKeys, tokenSeconds } from "./signing-keys.ts";

/** By whom tokens are issued, and when it is. */
export interface Issuing {
  readonly keys: SigningKeys;
  /** The server's origin: what several servers have in common that take each other's tokens. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface IssuedToken {
  readonly token: string;
  /** In how many seconds it ends. */
  readonly seconds: number;
  /** Parted by spaces. */
  readonly scope: string;
}

/** What a token says of whose it is. */
export interface TokenClaims {
  /** The key's id. */
  readonly sub: string;
  /** The org's id; null: of a service. */
  readonly org: string | null;
  /** When it ends, in milliseconds since 1970. */
  readonly until: number;
}

const audience = "tenantry";
const algorithm = "EdDSA";
const type = "at+jwt";

/** A token for whoever has the key, as RFC 9068 has them; it ends no later than the key. */
export async function issueToken(key: LiveKey, { keys, issuer, now }: Issuing): Promise<IssuedToken> {
  const { kid, privateKey } = keys.signer(now);
  const begun = Math.floor(now / 1_000);
  const ends = Math.min(begun + tokenSeconds, Math.floor((key.expires ?? Number.POSITIVE_INFINITY) / 1_000));
  const scope = key.scopes.join(" ");
  const ofOrg = key.orgId === null ? {} : { org: key.orgId, org_slug: key.org };
  const token = await new SignJWT({ ...ofOrg, scope })
    .setProtectedHeader({ alg: algorithm, typ: type, kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(key.id)
    .setJti(randomUUID())
    .setIssuedAt(begun)
    .setExpirationTime(ends)
    .sign(privateKey);
  return { token, seconds: Math.max(0, ends - begun), scope };
}

/** By how many seconds the clock of the server that issued it may be ahead. */
const ahead = 10;

/**
 * What a token says, where it is one of ours that has not ended; else null. Only the keys that are published verify it,
 * whatever key or address it names itself; nothing may stand in its header that is not written there.
 */
export async function verifyToken(text: string, { keys, issuer, now }: Issuing): Promise<TokenClaims | null> {
  const published = keys.published(now);
  try {
    const { payload } = await jwtVerify(
      text,
      (header) => {
        const key = published.find(({ kid }) => kid === header.kid);
        if (!key || Object.keys(header).some((name) => !ours.has(name))) throw new errors.JWSInvalid();
        return key.publicKey;
      },
      {
        algorithms: [algorithm],
        typ: type,
        issuer,
        audience,
        requiredClaims: ["sub", "jti", "iat", "exp"],
        currentDate: new Date(now),
      },
    );
    return claimsOf(payload, now);
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

const ours: ReadonlySet<string> = new Set(["alg", "typ", "kid"]);

function claimsOf({ sub, iat = 0, exp = 0, org }: JWTPayload, now: number): TokenClaims | null {
  const isInTime = iat <= now / 1_000 + ahead && exp - iat <= tokenSeconds;
  if (!validate(sub) || !isInTime) return null;
  if (org !== undefined && !validate(org)) return null;
  return { sub: String(sub), org: org === undefined ? null : String(org), until: exp * 1_000 };
}
