import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { driftTexts } from "../../src/view/drift-text.ts";
import { eachEngine } from "../engines.ts";
import { applyManifests, changesOf, planManifests } from "./manifest-estate.ts";
import { catalog, merged, org } from "./samples.ts";

const acme = merged(org, {
  members: {
    "ana@acme.example": { roles: ["owner"], name: "Ana" },
    "bo@acme.example": { roles: ["admin"] },
  },
  teams: { release: {} },
  roles: { auditor: { grants: ["org:read"] } },
});
const estate = { orgs: [acme, { ...acme, org: "globex" }] };

/** What somebody does with psql. */
async function byHand(database: Database, ...statements: readonly string[]): Promise<void> {
  await database.pool.query(`
    begin;
    set local application_name = 'psql';
    set local search_path = tenantry;
    ${statements.join(";\n")};
    commit`);
}

const inAcme = "org_id = (select org_id from org where slug = 'acme')";

async function driftOf(database: Database): Promise<string[]> {
  const plan = await planManifests(database, estate);
  expect(plan.findings).toEqual([]);
  return changesOf(plan)
    .flatMap(driftTexts)
    .map((text) => text.replace(/by psql\/\w+ on \d{4}-\d\d-\d\d \d\d:\d\d/, "by psql"));
}

eachEngine("drift", (open) => {
  test("is what somebody wrote since the last apply, by whom, and is put back", async () => {
    const database = await open();
    await applyManifests(database, estate);
    expect(await driftOf(database)).toEqual([]);
    await byHand(
      database,
      `update member set name = 'Eve' where ${inAcme} and key = 'ana@acme.example'`,
      `update member set attributes = '{"crm": 7}' where key = 'bo@acme.example'`,
      `update binding set catalog_role_id = (select id from catalog_role where name = 'owner')
       where ${inAcme} and member_id = (select id from member where ${inAcme} and key = 'bo@acme.example')`,
      `delete from team where ${inAcme}`,
      `update role set managed = null, origin = 'api' where ${inAcme}`,
      "update feature set combine = 'sum' where name = 'sso'",
    );
    expect(await driftOf(database)).toEqual([
      "drift: combine was highest, set to sum by psql; will be put back",
      "drift: name was Ana, set to Eve by psql; will be put back",
      "drift: role was admin, set to owner by psql; will be put back",
      expect.stringMatching(/^drift: managed was .*name, set to none by psql; will be put back$/),
      "drift: origin was manifest, set to api by psql; will be put back",
      "drift: deleted by psql; will be put back",
    ]);
    await applyManifests(database, estate);
    expect(await driftOf(database)).toEqual([]);
    const { rows } = await database.pool.query(
      `select r.origin, cardinality(r.managed) > 0 as managed, (
         select count(*)::int from tenantry.audit e where e.row_id = t.id
       ) as events
       from tenantry.org o join tenantry.role r using (org_id) join tenantry.team t using (org_id)
       where o.slug = 'acme'`,
    );
    // The team came back under its id: made, deleted, and made again.
    expect(rows).toEqual([{ origin: "manifest", managed: true, events: 3 }]);
  });

  test("stays visible where somebody wrote while a plan was being applied", async () => {
    const database = await open();
    await applyManifests(database, estate);
    const renamed = merged(acme, { name: "Acme Corp" });
    const plan = await planManifests(database, { orgs: [renamed, { ...acme, org: "globex" }] });
    await byHand(database, `update role set description = 'By hand' where ${inAcme}`);
    await writePlan(database, plan, { applyId: randomUUID(), actor: "test" });
    const later = await planManifests(database, { orgs: [renamed, { ...acme, org: "globex" }] });
    expect(changesOf(later)).toMatchObject([
      {
        kind: "role",
        fields: [
          { field: "description", before: "By hand", drift: { applied: null, by: { application: "psql" } } },
        ],
      },
    ]);
  });

  test("ends with the apply that saw it", async () => {
    const database = await open();
    const write = (description: string) => ({
      orgs: [merged(acme, { roles: { auditor: { description } } })],
    });
    await applyManifests(database, write("Looks"));
    await byHand(database, `update role set description = 'By hand' where ${inAcme}`);
    await applyManifests(database, write("Reads"));
    // This one does not say what it has seen of the org, as one that was made from less does not.
    await database.pool.query(
      "update tenantry.org_books set applied_counter = 1 where org_id in (select org_id from tenantry.org)",
    );
    expect(changesOf(await planManifests(database, write("Checks")))).toMatchObject([
      { fields: [{ before: "Reads", after: "Checks", drift: null }] },
    ]);
  });

  test("is none where an org was never applied", async () => {
    const database = await open();
    await applyManifests(database, { catalog, orgs: [acme] });
    await byHand(
      database,
      "insert into org (org_id, id, slug, name) select i, i, 'globex', 'Globe' from gen_random_uuid() i",
    );
    const plan = await planManifests(database, { orgs: [acme, { ...org, org: "globex", name: "Globex" }] });
    expect(changesOf(plan)).toMatchObject([
      { managedBefore: null, fields: [{ field: "name", before: "Globe", drift: null }] },
    ]);
  });
});
