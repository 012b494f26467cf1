import fc from "fast-check";
import { expect, test } from "vitest";
import { findPage, lastOf, tokenOf } from "../../../src/server/authzen/page.ts";

const everything = () => true;

test("pages together show each candidate that holds once, in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ minLength: 1 })),
      fc.integer({ min: 1, max: 9 }),
      async (ids, limit) => {
        const sorted = [...ids].sort();
        const holds = (id: string) => id.length % 3 !== 0;
        const seen: string[] = [];
        let after = "";
        for (let hasMore = true; hasMore; ) {
          const page = await findPage(sorted, { limit, after }, holds);
          expect(page.found.length).toBeLessThanOrEqual(limit);
          if (page.hasMore) expect(page.found).toHaveLength(limit);
          seen.push(...page.found);
          after = page.found.at(-1) ?? after;
          hasMore = page.hasMore;
        }
        expect(seen).toEqual(sorted.filter(holds));
      },
    ),
  );
});

test("what comes and goes between two pages moves nothing", async () => {
  const first = await findPage(["a", "c", "e", "g"], { limit: 2, after: "" }, everything);
  expect(first).toEqual({ found: ["a", "c"], hasMore: true });
  const next = await findPage(["b", "d", "e"], { limit: 2, after: "c" }, everything);
  expect(next).toEqual({ found: ["d", "e"], hasMore: false });
});

test("a page of nothing says whether there is something", async () => {
  expect(await findPage(["a"], { limit: 0, after: "" }, everything)).toEqual({ found: [], hasMore: true });
  expect(await findPage(["a"], { limit: 0, after: "a" }, everything)).toEqual({ found: [], hasMore: false });
});

test("a long search lets others have their turn", async () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => String(at).padStart(6, "0"));
  let turns = 0;
  const ticking = setInterval(() => turns++, 0);
  let looked = 0;
  const atTurn: number[] = [];
  await findPage(ids, { limit: 1, after: "" }, () => {
    looked++;
    if (looked % 500 === 1) atTurn.push(turns);
    // Long enough that a timer is due whenever it is given the chance.
    const until = performance.now() + 0.005;
    while (performance.now() < until);
    return false;
  });
  clearInterval(ticking);
  expect(looked).toBe(ids.length);
  expect(new Set(atTurn).size).toBeGreaterThan(5);
});

test("a token is what its search made, to the letter", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: "grapheme" }), fc.string(), (search, last, other) => {
      const token = tokenOf(search, last);
      expect(token).toMatch(/^[\w-]+$/);
      expect(lastOf(search, token)).toBe(last);
      if (other !== search) expect(lastOf(other, token)).toBeNull();
      if (other !== token) expect(lastOf(search, other)).toBeNull();
    }),
  );
  const token = tokenOf("search", "ana@acme.example");
  for (const forged of [
    `${token}=`,
    `${token} `,
    ` ${token}`,
    token.slice(0, -1),
    `${token}A`,
    token.toUpperCase(),
  ])
    expect(lastOf("search", forged)).toBeNull();
});
