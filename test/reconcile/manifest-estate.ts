import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { stringify } from "yaml";
import type { Database } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import type { Kind } from "../../src/model/kinds.ts";
import type { Origin } from "../../src/model/state.ts";
import type { Change, Plan } from "../../src/plan/plan.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";
import { planEstate } from "./plan-estate.ts";
import { type Json, catalog as shop } from "./samples.ts";

const now = new Date("2026-11-20T09:00:00Z");

export interface Manifests {
  readonly catalog?: Json;
  readonly orgs: readonly Json[];
}

/** Plans what manifests say, through YAML as people write it. */
export async function planManifests(database: Database, { catalog = shop, orgs }: Manifests): Promise<Plan> {
  const files = [
    { path: "tenants/catalog.yaml", text: yamlOf(catalog) },
    ...orgs.map((org) => ({ path: `tenants/orgs/${org.org}.yaml`, text: yamlOf(org) })),
  ];
  const { desired, diagnostics } = readManifests(files);
  expect(diagnosticsText(diagnostics, { colour: false })).toBe("");
  if (!desired) throw new Error("There is no catalog.");
  return planEstate(database, desired, now);
}

function yamlOf(manifest: Json): string {
  // Anchors are no part of the language.
  return stringify(manifest, { aliasDuplicateObjects: false });
}

/** Applies them, and gives the plan. */
export async function applyManifests(database: Database, manifests: Manifests): Promise<Plan> {
  const plan = await planManifests(database, manifests);
  expect(plan.findings).toEqual([]);
  await writePlan(database, plan, { applyId: randomUUID(), actor: "test" });
  return plan;
}

export function changesOf({ scopes }: Plan): readonly Change[] {
  return scopes.flatMap(({ changes }) => changes);
}

/** The row of a kind behind an id, as JSON. */
export async function rowOf(database: Database, kind: Kind, id: string): Promise<Json> {
  const { rows } = await database.pool.query(
    `select to_jsonb(t) as "row" from tenantry."${kind}" t where id = $1`,
    [id],
  );
  return rows[0].row;
}

/** Writes a row by hand: another one with the same columns, which the manifests do not own. */
export async function insertByHand(
  database: Database,
  kind: Kind,
  row: Json,
  origin: Origin = "unknown",
): Promise<string> {
  const id = randomUUID();
  const { rows } = await database.pool.query(
    `select string_agg(format('%I', column_name), ', ') as columns from information_schema.columns
     where table_schema = 'tenantry' and table_name = $1 and is_generated = 'NEVER'`,
    [kind],
  );
  await database.pool.query(
    `insert into tenantry."${kind}" (${rows[0].columns})
     select ${rows[0].columns} from jsonb_populate_record(null::tenantry."${kind}", $1)`,
    [JSON.stringify({ ...row, id, origin, managed: null })],
  );
  return id;
}
