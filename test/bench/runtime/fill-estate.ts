import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openDatabase } from "../../../src/database/connect.ts";
import { writePlan } from "../../../src/database/write-plan.ts";
import { reviewEstate } from "../../../src/reconcile/review-estate.ts";
import { rolePrefix } from "../bench-database.ts";
import { planNames } from "./flag-fixture.ts";
import { measuredCatalog } from "./measured-catalog.ts";
import { roleAt } from "./rights.ts";

export interface EstateSize {
  readonly orgs: number;
  readonly members: number;
}

/**
 * Fills an empty schema: the catalog by an apply, the orgs by a few statements, as nobody writes 100,000 manifests to
 * find out how they are loaded. The orgs and members are those of the fixtures, by their slugs and user ids.
 */
export async function fillEstate(url: string, { orgs, members }: EstateSize): Promise<void> {
  await applyCatalog(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set search_path = tenantry");
    for (let first = 0; first < orgs; first += orgsAtATime) {
      await client.query("begin");
      const last = Math.min(first + orgsAtATime, orgs) - 1;
      await client.query(newOrgs, [first, last]);
      await client.query(newMembers, [first, last, members]);
      await client.query(newBindings, [first, last, roles(members)]);
      await client.query(newSubscriptions, [first, last, planNames]);
      await client.query("commit");
    }
    await client.query("analyze");
  } finally {
    await client.end();
  }
}

async function applyCatalog(url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tenantry-bench-catalog-"));
  const database = await openDatabase({ url, rolePrefix });
  try {
    writeFileSync(join(folder, "catalog.yaml"), measuredCatalog());
    const { plan, diagnostics } = await reviewEstate(database, { dir: folder, now: new Date() });
    if (!plan) throw new Error(JSON.stringify(diagnostics, null, 2));
    await writePlan(database, plan, { applyId: randomUUID(), actor: "bench" });
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}

const orgsAtATime = 10_000;

function roles(members: number): readonly string[] {
  return Array.from({ length: members }, (_, member) => roleAt(member));
}

const newOrgs = `
  insert into org (org_id, id, slug, name, created_at)
  select id, id, slug, 'Org ' || index, '2026-01-01'::timestamptz + index * interval '1 minute'
  from (select gen_random_uuid() as id, 'org-' || lpad(index::text, 6, '0') as slug, index
        from generate_series($1::int, $2::int) as index) as new`;

const ofThese =
  "org.slug between 'org-' || lpad($1::int::text, 6, '0') and 'org-' || lpad($2::int::text, 6, '0')";

const newMembers = `
  insert into member (org_id, id, key, email, user_id)
  select org_id, gen_random_uuid(), email, email, user_id
  from org, generate_series(0, $3::int - 1) as place,
    lateral (select 'usr_' || substr(slug, 5) || '_' || lpad(place::text, 2, '0') as user_id) as named,
    lateral (select user_id || '@' || slug || '.example' as email) as written
  where ${ofThese}`;

const newBindings = `
  insert into binding (org_id, id, member_id, catalog_role_id)
  select org_id, gen_random_uuid(), member.id, catalog_role.id
  from org join member using (org_id)
    join catalog_role on catalog_role.name = ($3::text[])[right(member.user_id, 2)::int + 1]
  where ${ofThese}`;

const newSubscriptions = `
  insert into subscription (org_id, id, product_id, plan_id)
  select org_id, gen_random_uuid(), plan.product_id, plan_version.id
  from org join plan on plan.name = ($3::text[])[substr(slug, 5)::int % cardinality($3::text[]) + 1]
    join plan_version on plan_version.plan_id = plan.id
  where ${ofThese}`;
