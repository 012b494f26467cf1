import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writePlan } from "../../src/database/write-plan.ts";
import { loadManifests } from "../../src/reconcile/load-manifests.ts";
import { eachEngine } from "../engines.ts";
import { planEstate } from "../reconcile/plan-estate.ts";

const now = new Date("2026-11-23T09:00:00Z");
const { desired, diagnostics } = loadManifests(
  join(import.meta.dirname, "../../examples/kubernetes/tenants"),
  { now },
);

eachEngine("the Kubernetes organisations", (open) => {
  it("are applied whole, and then there is nothing left to do", { timeout: 60_000 }, async () => {
    expect(diagnostics).toEqual([]);
    const database = await open();
    const plan = await planEstate(database, desired, now);
    expect(plan.findings).toEqual([]);
    const changes = plan.scopes.flatMap((scope) => scope.changes);
    const declared = [desired.catalog, ...desired.orgs].flatMap(({ resources }) => resources);
    expect(changes).toHaveLength(declared.length);
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(["create"]));

    const lockTimeout = 10_000;
    const { revision } = await writePlan(database, plan, {
      applyId: randomUUID(),
      actor: "test",
      lockTimeout,
    });
    const again = await planEstate(database, desired, now);
    expect(again.base.revision).toBe(revision);
    expect(again.scopes.flatMap((scope) => scope.changes)).toEqual([]);
  });
});
