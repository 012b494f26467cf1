import fc from "fast-check";
import { expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { readActualAt } from "../../src/database/read-actual-at.ts";
import type { ActualScope, ActualState } from "../../src/model/state.ts";
import { byCodeUnit } from "../../src/model/value.ts";
import { eachEngine, emptied } from "../engines.ts";
import { acme, apply, catalog, estate, globex, whole } from "./whole-estate.ts";

/** Estates that differ in rows of every sort: parents and children, settings, the catalog, whole orgs' contents. */
const estates = {
  whole,
  onlyCatalog: estate(
    { ...catalog, flag: [], template: [] },
    { acme: { ...acme, flag_override: [] }, globex },
  ),
  bare: estate(catalog, { acme: { org: acme.org ?? [], workspace: acme.workspace ?? [] }, globex }),
  renamed: estate(catalog, {
    acme: { ...acme, member: [...(acme.member ?? []), { key: "bo@acme.example" }], banner: [] },
    globex: { ...globex, security: [{ require_mfa: true }] },
  }),
};

/** What people do in psql: in one org, in all, in several steps, in another time zone. */
const edits = [
  "update tenantry.member set name = coalesce(name, '') || 'x'",
  "set timezone to 'Asia/Kolkata'; update tenantry.invitation set expires = expires + interval '1 hour'; reset timezone",
  "update tenantry.org set slug = 'acme-' || length(slug) where slug like 'acme%'",
  "delete from tenantry.banner",
  "delete from tenantry.binding; delete from tenantry.team_member",
  "insert into tenantry.webhook (org_id, name) select org_id, gen_random_uuid() from tenantry.org where slug = 'globex'",
  "begin; update tenantry.security set require_mfa = not require_mfa; set constraints all immediate; update tenantry.security set allow_user_key_override = true; commit",
  "with gone as (delete from tenantry.webhook returning *) insert into tenantry.webhook select * from gone",
  "update tenantry.flag set description = now()::text",
];

const step = fc.oneof(
  fc.record({ apply: fc.constantFrom(...(Object.keys(estates) as (keyof typeof estates)[])) }),
  fc.record({ edit: fc.constantFrom(...edits) }),
);

eachEngine("the state at a revision", (open, engine) => {
  it("is what the revision left, whatever was applied and edited since", async () => {
    const database = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        await emptied(database);
        const recorded = new Map<number, ActualState>();
        const record = async () => {
          const actual = await readActual(database);
          if (!recorded.has(actual.revision)) recorded.set(actual.revision, actual);
        };
        await apply(database, whole);
        await record();
        for (const one of steps) {
          if ("edit" in one) await database.pool.query(one.edit);
          else await applyEstate(database, estates[one.apply]);
          await record();
        }
        for (const [revision, then] of recorded) {
          expect(sorted(await readActualAt(database, revision)), String(revision)).toEqual(sorted(then));
        }
      }),
      { numRuns: engine === "pglite" ? 10 : 20 },
    );
  }, 120_000);

  it("has orgs that are gone since, and not those that came later", async () => {
    const database = await open();
    await apply(database, estate(catalog, { globex }));
    await apply(database, whole);
    await database.pool.query(`
      begin;
      delete from tenantry.binding where org_id = (select org_id from tenantry.org where slug = 'globex');
      delete from tenantry.member where org_id = (select org_id from tenantry.org where slug = 'globex');
      delete from tenantry.org where slug = 'globex';
      commit`);
    expect((await readActual(database)).orgs.map(({ org }) => org)).toEqual(["acme"]);
    const first = await readActualAt(database, 1);
    expect(first?.orgs.map(({ org }) => org)).toEqual(["globex"]);
    expect(first?.orgs[0]?.rows.get("member")).toMatchObject([{ fields: { key: "ana@acme.example" } }]);
    expect((await readActualAt(database, 2))?.orgs.map(({ org }) => org)).toEqual(["acme", "globex"]);
  });

  it("can be had of one org alone, and of no revision that there never was", async () => {
    const database = await open();
    await apply(database, whole);
    const [org] = (await readActual(database)).orgs;
    const at = await readActualAt(database, 1, { orgIds: [org?.orgId ?? ""] });
    expect(at?.orgs.map(({ org }) => org)).toEqual(["acme"]);
    expect(at?.catalog.rows.get("product")).toHaveLength(1);
    expect(await readActualAt(database, 2)).toBeNull();
  });
});

/** Orgs that were renamed by hand are found again by the name that they have now. */
async function applyEstate(database: Database, desired: typeof whole): Promise<void> {
  const { orgs } = await readActual(database);
  const present = orgs.map(({ org }) => org ?? "").find((slug) => slug.startsWith("acme"));
  const named = desired.orgs.map((scope) =>
    scope.org === "acme" && present !== undefined ? { ...scope, previously: [present] } : scope,
  );
  await apply(database, { ...desired, orgs: named });
}

function sorted(state: ActualState | null) {
  const rows = (scope: ActualScope) =>
    Object.fromEntries(
      [...scope.rows].map(([kind, all]) => [kind, [...all].sort((a, b) => byCodeUnit(a.id, b.id))] as const),
    );
  const scope = ({ org, orgId, counter, ...rest }: ActualScope) => ({
    org,
    orgId,
    counter,
    rows: rows(rest as ActualScope),
  });
  return (
    state && {
      epoch: state.epoch,
      revision: state.revision,
      catalog: scope(state.catalog),
      orgs: state.orgs.map(scope),
    }
  );
}
