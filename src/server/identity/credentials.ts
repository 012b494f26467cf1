import type { IncomingHttpHeaders } from "node:http";

/** What a request shows to say who asks. */
export type Credentials =
  | { readonly kind: "none" }
  /** A key or a token. */
  | { readonly kind: "any"; readonly text: string }
  /** What can be a key alone. */
  | { readonly kind: "key"; readonly text: string }
  /** Two that differ: which is meant, nobody knows. */
  | { readonly kind: "two" };

const none: Credentials = { kind: "none" };

/** The credentials of a request: `Authorization: Bearer` (RFC 6750), or `X-API-Key`; never of its path or query. */
export function credentialsOf({ authorization, "x-api-key": key }: IncomingHttpHeaders): Credentials {
  if (key === undefined)
    return authorization === undefined ? none : { kind: "any", text: bearer(authorization) };
  // Sent twice, it comes as one that no key is.
  const text = String(key);
  if (authorization !== undefined && bearer(authorization) !== text) return { kind: "two" };
  return { kind: "key", text };
}

/** What follows the scheme; of another scheme nothing, which is nobody's. */
function bearer(authorization: string): string {
  return authorization.slice(0, 7).toLowerCase() === "bearer " ? authorization.slice(7).trim() : "";
}
