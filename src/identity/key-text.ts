import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

/** By which a key is known where it should not be: in logs, in Git. */
const prefix = "fl_";
const secretBytes = 32;
const checkBytes = 4;

/** A new key: its text, which is shown once and kept nowhere, and the digest, which is kept. */
export function makeKeyText(): { readonly text: string; readonly digest: Buffer } {
  const secret = randomBytes(secretBytes);
  const text = prefix + Buffer.concat([secret, checkOf(secret)]).toString("base64url");
  return { text, digest: sha256(secret) };
}

/**
 * The digest by which a key is found; null for what is no key, or a mistyped one: its checksum tells, and no
 * database is asked. A key is read in the one way in which it is written.
 */
export function digestOf(text: string): Buffer | null {
  if (!/^fl_[\w-]{48}$/.test(text)) return null;
  const bytes = Buffer.from(text.slice(prefix.length), "base64url");
  const secret = bytes.subarray(0, secretBytes);
  return bytes.subarray(secretBytes).equals(checkOf(secret)) ? sha256(secret) : null;
}

/** Against slips of the hand, not against anybody: the secret alone is what makes a key. */
function checkOf(secret: Buffer): Buffer {
  const check = Buffer.alloc(checkBytes);
  check.writeUInt32BE(crc32(secret));
  return check;
}

/** Fast is right here: 256 random bits cannot be guessed, so that there is nothing to slow down. */
function sha256(secret: Buffer): Buffer {
  return createHash("sha256").update(secret).digest();
}
