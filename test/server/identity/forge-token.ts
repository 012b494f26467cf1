import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Database } from "../../../src/database/connect.ts";

type Members = Readonly<Record<string, unknown>>;

/** Makes tokens as somebody would who knows all but, mostly, the key. */
export interface Forge {
  /** The header and the claims of a token that is accepted. */
  readonly header: Members;
  readonly claims: Members;
  readonly ours: KeyObject;
  readonly another: KeyObject;
  readonly publicJwk: Members;
}

/** Takes a good token apart, and the key that signed it from the database. */
export async function forgeOf({ pool }: Database, token: string): Promise<Forge> {
  const [header, claims] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
  const members = JSON.parse(header as string);
  const { rows } = await pool.query("select private, public from tenantry.signing_key where kid = $1", [
    members.kid,
  ]);
  return {
    header: members,
    claims: JSON.parse(claims as string),
    ours: createPrivateKey({ key: rows[0].private, format: "jwk" }),
    another: generateKeyPairSync("ed25519").privateKey,
    publicJwk: rows[0].public,
  };
}

/** A token of these parts; undefined members are left out. */
export function signed(header: Members, claims: Members, key: KeyObject): string {
  const text = textOf(header, claims);
  return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
}

export function withHmac(header: Members, claims: Members, secret: string | Buffer): string {
  const text = textOf(header, claims);
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

export function textOf(...parts: readonly Members[]): string {
  return parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
}
