import { expect, test } from "vitest";
import { emailKey } from "../../src/model/email-key.ts";

test.each([
  ["ana@acme.example", "ana@acme.example"],
  ["Ana@ACME.example", "ana@acme.example"],
  // The Kelvin sign, and the long s, whose upper case is S.
  ["\u212Aim@globex.example", "\u212Aim@globex.example"],
  ["\u212AIM@globex.example", "\u212Aim@globex.example"],
  ["\u017Fam@globex.example", "\u017Fam@globex.example"],
  ["JOS\u00C9@acme.example", "jos\u00C9@acme.example"],
  ["", ""],
])("%j is compared as %j", (address, key) => {
  expect(emailKey(address)).toBe(key);
  expect(emailKey(key)).toBe(key);
});
