import { expect, it } from "vitest";
import type { LiveKey } from "../../src/identity/find-key.ts";
import { makeKeyMemory } from "../../src/identity/key-memory.ts";

const key = (org: string | null): LiveKey => ({
  id: `of ${org}`,
  orgId: org,
  org,
  name: "ci",
  scopes: [],
  expires: null,
});
const known = (org: string | null, until = 100) => ({ kind: "known", key: key(org), until }) as const;
const refused = (until = 100) =>
  ({ kind: "refused", refusal: { reason: "unknown-key", key: null }, until }) as const;

it("remembers so many credentials and no more, and those that are refused push out none that is good", () => {
  const memory = makeKeyMemory(100, () => 0);
  memory.put("good", known("acme"));
  for (let number = 0; number < 1_000; number++) memory.put(`bad ${number}`, refused());
  expect(memory.get("good")).toEqual(known("acme"));
  const bad = Array.from({ length: 1_000 }, (_, number) => memory.get(`bad ${number}`)).filter(Boolean);
  expect(bad).toHaveLength(100);
  for (let number = 0; number < 100; number++) memory.put(`other ${number}`, known("acme"));
  expect(memory.get("good")).toBeUndefined();
});

it("remembers nothing for longer than it may be believed", () => {
  let now = 0;
  const memory = makeKeyMemory(10, () => now);
  memory.put("good", known("acme", 50));
  now = 49;
  expect(memory.get("good")).toBeDefined();
  now = 50;
  expect(memory.get("good")).toBeUndefined();
});

it("remembers that what was good before is refused now", () => {
  let now = 0;
  const memory = makeKeyMemory(10, () => now);
  memory.put("key", known("acme", 50));
  now = 60;
  memory.put("key", refused(100));
  expect(memory.get("key")).toEqual(refused(100));
  expect(memory.isRegular("key")).toBe(false);
  memory.put("key", known("acme", 100));
  expect(memory.get("key")).toEqual(known("acme", 100));
});

it("forgets an org's keys and all that was refused, and still knows who was good", () => {
  const memory = makeKeyMemory(10, () => 0);
  for (const org of ["acme", "globex", null]) memory.put(`of ${org}`, known(org));
  memory.put("bad", refused());
  memory.forget(new Set(["acme"]));
  expect(["of acme", "of globex", "of null", "bad"].map((name) => memory.get(name)?.kind)).toEqual([
    undefined,
    "known",
    "known",
    undefined,
  ]);
  expect(memory.isRegular("of acme")).toBe(true);
  memory.forget(null);
  expect(memory.get("of globex")).toBeUndefined();
});
