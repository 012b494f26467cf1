import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { digestOf, makeKeyText } from "../../src/identity/key-text.ts";

it("makes keys of 51 characters that are never the same, and finds their digest again", () => {
  const made = Array.from({ length: 1_000 }, makeKeyText);
  expect(new Set(made.map(({ text }) => text)).size).toBe(1_000);
  for (const { text, digest } of made) {
    expect(text).toMatch(/^fl_[\w-]{48}$/);
    expect(digestOf(text)?.equals(digest)).toBe(true);
  }
});

it("keeps the digest of the random bytes alone", () => {
  const { text, digest } = makeKeyText();
  const secret = Buffer.from(text.slice(3), "base64url").subarray(0, 32);
  expect(digest).toEqual(createHash("sha256").update(secret).digest());
});

it("knows every slip of one character, and every two that changed places", () => {
  const { text } = makeKeyText();
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (let at = 3; at < text.length; at++) {
    for (const other of alphabet) {
      if (other !== text[at]) expect(digestOf(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
    }
    const next = text[at + 1];
    if (next === undefined || next === text[at]) continue;
    expect(digestOf(text.slice(0, at) + next + text[at] + text.slice(at + 2))).toBeNull();
  }
});

it.each([
  ["nothing", ""],
  ["a prefix alone", "fl_"],
  ["another prefix", makeKeyText().text.replace("fl_", "sk_")],
  ["a cut one", makeKeyText().text.slice(0, -1)],
  ["a longer one", `${makeKeyText().text}A`],
  ["a line's end", `${makeKeyText().text}\n`],
  ["spaces", ` ${makeKeyText().text}`],
  ["padding", `${makeKeyText().text.slice(0, -1)}=`],
  ["characters of plain base64", `fl_${"+/".repeat(24)}`],
  ["a key of nothing but noughts without a checksum", `fl_${"A".repeat(48)}`],
])("takes %s for no key", (_, text) => {
  expect(digestOf(text)).toBeNull();
});
