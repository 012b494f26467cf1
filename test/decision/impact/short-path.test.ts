import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCatalog } from "../../../src/decision/compile-catalog.ts";
import { compileOrg, type OrgSource } from "../../../src/decision/compile-org.ts";
import { decidePermission } from "../../../src/decision/decide-permission.ts";
import { affectedKinds } from "../../../src/decision/impact/affected-kinds.ts";
import { collectImpact } from "../../../src/decision/impact/collect-impact.ts";
import type { Impact } from "../../../src/decision/impact/impact.ts";
import { questionOf } from "../../../src/decision/question.ts";
import type { CatalogSnapshot } from "../../../src/decision/snapshot.ts";
import { now } from "../acme-cloud.ts";
import { catalogRows, orgSource } from "./random-orgs.ts";

const threeOrgs = fc.tuple(orgSource("acme"), orgSource("globex"), orgSource("zeta"));

test("what only a catalog changes is the same, found from the affected kinds' rows or by compiling everything", () => {
  fc.assert(
    fc.property(catalogRows, catalogRows, fc.boolean(), threeOrgs, (one, other, isHalf, orgs) => {
      const before = compileCatalog(one);
      // Half of the changes touch little, where the short way has most to leave out.
      const after = compileCatalog(isHalf ? mixed(one, other) : other);
      const kinds = affectedKinds(before, after);
      const short = collectImpact({ before, after, now });
      const full = collectImpact({ before, after, now });
      for (const org of orgs) {
        const read = {
          ...org,
          resources: org.resources.filter(({ kind }) => kind === "org" || kinds.has(kind)),
        };
        short.add({ before: read, after: read });
        full.add({ before: org, after: { ...org } });
      }
      expect(short.result()).toEqual(full.result());
    }),
    { numRuns: 400 },
  );
}, 30_000);

test("whenever the runtime decides otherwise of a permission, that is told", () => {
  fc.assert(
    fc.property(catalogRows, catalogRows, orgSource("acme"), orgSource("acme"), (one, other, was, is) => {
      const [before, after] = [compileCatalog(one), compileCatalog(other)];
      const collector = collectImpact({ before, after, now });
      collector.add({ before: was, after: is });
      const impact = collector.result();
      const [earlier, later] = [compileOrg(before, was), compileOrg(after, is)];
      if (earlier.status !== "active" || later.status !== "active") return;
      for (const permission of new Set([...before.permissions.keys(), ...after.permissions.keys()])) {
        for (const member of was.memberIds?.keys() ?? []) {
          if (hasMovedScope(permission, before, after)) continue;
          const scope = after.permissions.get(permission)?.scope;
          const at =
            scope === "org" ? {} : scope === "workspace" ? { workspace: "web" } : { environment: "web/live" };
          const asked = { now, member, request: { mfa: true }, ...at };
          const decided = (org: typeof earlier) =>
            decidePermission(questionOf({ org, ...asked }), permission);
          const [a, b] = [decided(earlier), decided(later)];
          if (a.isAllowed === b.isAllowed) continue;
          expect({ member, permission, told: isTold(impact, member, permission) }).toEqual({
            member,
            permission,
            told: true,
          });
        }
      }
    }),
    { numRuns: 400 },
  );
}, 30_000);

test("what is gained or lost without a condition, the runtime grants or refuses there", () => {
  fc.assert(
    fc.property(catalogRows, catalogRows, orgSource("acme"), orgSource("acme"), (one, other, was, is) => {
      const [before, after] = [compileCatalog(one), compileCatalog(other)];
      const collector = collectImpact({ before, after, now });
      collector.add({ before: was, after: is });
      const sides = { before: compileOrg(before, was), after: compileOrg(after, is) };
      for (const { permissions, holders, ...effect } of collector.result().permissions) {
        for (const { member, place } of holders) {
          for (const permission of permissions) {
            for (const side of ["before", "after"] as const) {
              const standing = effect[side];
              const scope = sides[side].catalog.permissions.get(permission)?.scope;
              if (typeof standing === "object" || hasMovedScope(permission, before, after)) continue;
              if (place.in === "workspaces" || place.in === "resource") continue;
              if (scope === "environment" && place.in !== "environment") continue;
              const at = "name" in place ? { [place.in]: place.name } : {};
              const asked = questionOf({ org: sides[side], now, member, request: { mfa: true }, ...at });
              const { isAllowed } = decidePermission(asked, permission);
              expect({ permission, side, standing, isAllowed }).toEqual({
                ...{ permission, side, standing },
                isAllowed: standing === "always",
              });
            }
          }
        }
      }
    }),
    { numRuns: 400 },
  );
}, 30_000);

/** Then it is held elsewhere than before, and lost or gained only there. */
function hasMovedScope(permission: string, before: CatalogSnapshot, after: CatalogSnapshot): boolean {
  return before.permissions.get(permission)?.scope !== after.permissions.get(permission)?.scope;
}

function isTold({ permissions, loseEverything }: Impact, member: string, permission: string): boolean {
  return (
    loseEverything.some((lost) => lost.member === member) ||
    permissions.some(
      (effect) =>
        effect.permissions.includes(permission) && effect.holders.some((holder) => holder.member === member),
    )
  );
}

function mixed<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  const key = (row: T) => JSON.stringify([(row as { kind: string }).kind, (row as { key: string }).key]);
  const changed = new Map(other.filter((_, index) => index % 7 === 0).map((row) => [key(row), row]));
  return one.map((row) => changed.get(key(row)) ?? row);
}

test("an org that is as it was, under a catalog that is as it was, moves nothing", () => {
  fc.assert(
    fc.property(catalogRows, orgSource("acme"), (rows, org) => {
      const [before, after] = [compileCatalog(rows), compileCatalog(structuredClone(rows))];
      expect([...affectedKinds(before, after)]).toEqual([]);
      const impact = (states: readonly [OrgSource, OrgSource]) => {
        const collector = collectImpact({ before, after, now });
        collector.add({ before: states[0], after: states[1] });
        return collector.result();
      };
      const nothing = collectImpact({ before, after, now }).result();
      expect(impact([org, org])).toEqual(nothing);
      expect(impact([org, { ...org }])).toEqual(nothing);
    }),
    { numRuns: 300 },
  );
});
