import fc from "fast-check";
import { expect, it } from "vitest";
import { type LiveEstate, openLiveEstate } from "../../src/runtime/live-estate.ts";
import { eachEngine, emptied } from "../engines.ts";
import { fill } from "./filled-estate.ts";

const isLong = process.env.TENANTRY_LONG === "1";

/** What somebody does with psql, or asks. */
type Move =
  | { readonly kind: "rename"; readonly at: number }
  | { readonly kind: "swap"; readonly at: number; readonly with: number }
  | { readonly kind: "move"; readonly at: number }
  | { readonly kind: "make" }
  | { readonly kind: "delete"; readonly at: number }
  | { readonly kind: "catalog" }
  | { readonly kind: "member"; readonly at: number }
  | { readonly kind: "ask"; readonly slugs: readonly number[] };

const at = fc.nat(9);
const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("rename" as const), at }),
    fc.record({ kind: fc.constant("swap" as const), at, with: at }),
    fc.record({ kind: fc.constant("move" as const), at }),
    fc.record({ kind: fc.constant("make" as const) }),
    fc.record({ kind: fc.constant("delete" as const), at }),
    fc.record({ kind: fc.constant("catalog" as const) }),
    fc.record({ kind: fc.constant("member" as const), at }),
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("ask" as const), slugs: fc.array(at, { maxLength: 6 }) }),
    },
  ),
  { minLength: 5, maxLength: 25 },
);

eachEngine("an estate larger than what is held", (open, engine) => {
  it(
    "answers as if all of it were held",
    async () => {
      const database = await open();
      await fc.assert(
        fc.asyncProperty(moves, async (all) => {
          await emptied(database);
          await fill(database, 6);
          const few = await openLiveEstate(database, { maxOrgs: 3 });
          const whole = await openLiveEstate(database);
          for (const [turn, move] of all.entries()) {
            if (move.kind === "ask") {
              await Promise.all(move.slugs.map((slug) => few.org(`org-${slug}`)));
              continue;
            }
            await database.pool.query(statementOf(move, turn));
            await Promise.all([few.refresh(), whole.refresh()]);
            for (const slug of ["org-1", "org-2", `org-${move.kind === "make" ? turn : 9}`])
              expect(await seen(few, slug)).toEqual(await seen(whole, slug));
          }
          // And both as if nothing had been known before.
          const fresh = await openLiveEstate(database);
          for (let slug = 0; slug < 30; slug++) {
            const expected = await seen(fresh, `org-${slug}`);
            expect(await seen(whole, `org-${slug}`)).toEqual(expected);
            expect(await seen(few, `org-${slug}`)).toEqual(expected);
          }
          expect(few.state().orgs).toBeLessThanOrEqual(3);
          expect(whole.state().orgs).toBe(fresh.state().orgs);
        }),
        { numRuns: isLong ? 300 : engine === "postgres" ? 12 : 4, endOnFailure: true },
      );
    },
    isLong ? 600_000 : 60_000,
  );
});

async function seen(estate: LiveEstate, slug: string) {
  const org = await estate.org(slug);
  if (!org) return null;
  const { id, name, members, catalog } = org;
  return {
    id,
    slug: org.slug,
    name,
    members: [...members.keys()].sort(),
    flags: [...catalog.flags.keys()].sort(),
  };
}

function statementOf(move: Exclude<Move, { kind: "ask" }>, turn: number): string {
  const slug = "at" in move ? `'org-${move.at}'` : "";
  switch (move.kind) {
    case "rename":
      return `update tenantry.org set name = 'name ${turn}' where slug = ${slug}`;
    case "swap":
      return `update tenantry.org set slug = case slug when ${slug} then 'org-${move.with}' else ${slug} end
        where slug in (${slug}, 'org-${move.with}') and (select count(*) from tenantry.org where slug in (${slug}, 'org-${move.with}')) = 2`;
    case "move":
      return `update tenantry.org set slug = 'org-${turn}' where slug = ${slug}
        and not exists (select from tenantry.org where slug = 'org-${turn}')`;
    case "make":
      return `insert into tenantry.org (org_id, id, slug) select id, id, 'org-${turn}' from gen_random_uuid() id
        where not exists (select from tenantry.org where slug = 'org-${turn}')`;
    case "delete":
      return `delete from tenantry.member using tenantry.org where org.org_id = member.org_id and slug = ${slug};
        delete from tenantry.org where slug = ${slug}`;
    case "catalog":
      return `insert into tenantry.flag (name, type, "default") values ('flag_${turn}', 'boolean', 'true')`;
    case "member":
      return `insert into tenantry.member (org_id, key, user_id) select org_id, 'user_${turn}', 'user_${turn}' from tenantry.org where slug = ${slug}`;
  }
}
