import { expect, test } from "vitest";
import { murmur3, murmur3From } from "../../src/decision/murmur3.ts";

// The first five as published with github.com/spaolacci/murmur3 and by Wikipedia, the others by Python's mmh3.
test.each([
  ["", 0],
  ["test", 0xba6bd213],
  ["hello, world", 0x149bbb7f],
  ["19 Jan 2038 at 3:14:07 AM", 0xe31e8a70],
  ["The quick brown fox jumps over the lazy dog.", 0xd5c48bfc],
  ["a", 0x3c2569b2],
  ["ab", 0x9bbfd75f],
  ["abc", 0xb3dd93fa],
  ["ππππππππ", 0xec72b6e8],
  ["grüße", 0x54937e4a],
  ["x😀yz", 0xa2d20de9],
  ["abcdé", 0xe4012811],
])("%j", (text, hash) => {
  expect(murmur3(text)).toBe(hash);
});

test("a text in two parts has the hash of the whole, wherever it is cut", () => {
  for (const text of ["The quick brown fox", "πr², grüße, abc", "abc😀yz"]) {
    for (let at = 0; at <= text.length; at++)
      // A cut within a pair leaves two halves, which are no text.
      if (!/[\ud800-\udbff]$/.test(text.slice(0, at)))
        expect(murmur3From(text.slice(0, at))(text.slice(at))).toBe(murmur3(text));
  }
});
