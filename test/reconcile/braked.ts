import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { stringify } from "yaml";
import type { Database } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { readCatalog, readOrgs } from "../../src/database/read-actual.ts";
import { readBooks } from "../../src/database/read-books.ts";
import { readEstate } from "../../src/database/read-estate.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { letPass } from "../../src/plan/allow.ts";
import type { PlanInputs } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planInContext } from "../../src/reconcile/plan-in-context.ts";
import { weighPlan } from "../../src/reconcile/weigh-plan.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";

type Json = { readonly [name: string]: unknown };

export interface Braking {
  readonly catalog: Json;
  readonly orgs: readonly Json[];
  /** The slugs of the orgs to look at; all where nothing is said. */
  readonly look?: readonly string[];
  readonly allow?: readonly string[];
  readonly inputs?: Partial<PlanInputs>;
}

export const start = "2026-11-20T09:00:00Z";

/** A plan with all its brakes, from manifests and a database of which only some orgs are looked at. */
export async function braked(database: Database, braking: Braking): Promise<Plan> {
  const { look, allow = [], inputs } = braking;
  const isLooked = (slug: string | null) => look === undefined || look.includes(slug ?? "");
  const { desired, diagnostics } = readManifests([
    { path: "tenants/catalog.yaml", text: yamlOf(braking.catalog) },
    ...braking.orgs.map((org) => ({ path: `tenants/orgs/${org.org}.yaml`, text: yamlOf(org) })),
  ]);
  expect(diagnosticsText(diagnostics, { colour: false })).toBe("");
  if (!desired) throw new Error("There is no catalog.");
  const snapshot = { isolation: "repeatable read", readOnly: true } as const;
  return inTransaction(database, "apply", snapshot, async (transaction) => {
    const { orgs } = await readBooks(transaction);
    const listed = orgs.flatMap(({ orgId: id, slug, counter }) =>
      slug !== null && isLooked(slug) ? [{ id, slug, counter }] : [],
    );
    const others = orgs.filter(({ slug }) => slug !== null && !isLooked(slug));
    const actual = {
      ...(await readEstate(transaction)),
      catalog: await readCatalog(transaction),
      orgs: await readOrgs(transaction, listed),
    };
    const context = {
      desired: { ...desired, orgs: desired.orgs.filter(({ org }) => isLooked(org)) },
      actual,
      others,
    };
    const now = inputs?.now ?? start;
    const made = await planInContext(transaction, context, {
      now,
      newId: () => randomUUID(),
      allow: new Set(allow),
      ...inputs,
    });
    const brakes = await weighPlan(transaction, { planned: made.planned, others, now: Date.parse(now) });
    const passed = letPass([...made.plan.findings, ...brakes.findings], allow);
    expect(passed.faults).toEqual([]);
    const { findings, allowed } = passed;
    return { ...made.plan, findings, allowed, notes: brakes.notes, headroom: brakes.headroom };
  });
}

function yamlOf(manifest: Json): string {
  // Anchors are no part of the language.
  return stringify(manifest, { aliasDuplicateObjects: false });
}

/** The same, made true; what stops it fails the test. */
export async function applied(database: Database, braking: Braking): Promise<Plan> {
  const plan = await braked(database, braking);
  expect(plan.findings).toEqual([]);
  await writePlan(database, plan, { applyId: randomUUID(), actor: "test" });
  return plan;
}

/** What stops a plan: `over-limit:globex globex has 61 active members, team@2 allows 50`. */
export function stops({ findings }: Plan): string[] {
  return findings.map(({ code, subject, message }) => `${code}:${subject} ${message}`);
}
