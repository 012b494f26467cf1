import { randomUUID } from "node:crypto";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { reviewEstate } from "../../src/reconcile/review-estate.ts";
import { eachEngine } from "../engines.ts";

const example = join(import.meta.dirname, "../../examples/estates/tenants");
const now = new Date("2026-11-21T09:00:00Z");
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tenantry-overlays-"));
  cpSync(example, dir, { recursive: true });
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function planned(database: Database, refresh = false): Promise<Plan> {
  const { plan, diagnostics } = await reviewEstate(database, { dir, estate: "staging", now, refresh });
  expect(diagnostics).toEqual([]);
  if (!plan) throw new Error("There is no plan.");
  return plan;
}

/** The orgs that change, found by the short cut; looking at everything finds the same. */
async function changed(database: Database): Promise<(string | null)[]> {
  const scopes = (await planned(database)).scopes.map(({ org }) => org);
  expect((await planned(database, true)).scopes.map(({ org }) => org)).toEqual(scopes);
  return scopes;
}

eachEngine("a plan of an estate with overlays", (open) => {
  it("looks again at an org whose overlay has changed or is gone, and at no other", async () => {
    const database = await open();
    const apply = async () =>
      writePlan(database, await planned(database), { applyId: randomUUID(), actor: "tester" });
    await apply();
    expect(await changed(database)).toEqual([]);
    expect((await planned(database)).looked.orgs).toBe(0);

    const overlay = join(dir, "overlays/staging/orgs/acme.yaml");
    appendFileSync(overlay, "industry: parcels\n");
    expect((await planned(database)).looked.orgs).toBe(1);
    expect(await changed(database)).toEqual(["acme"]);
    await apply();
    expect(await changed(database)).toEqual([]);

    appendFileSync(join(dir, "orgs/acme.yaml"), "primary_domain: acme.example\n");
    expect(await changed(database)).toEqual(["acme"]);
    await apply();

    rmSync(overlay);
    expect(await changed(database)).toEqual(["acme"]);
  });

  it("looks again at the catalog when its overlay has changed", async () => {
    const database = await open();
    await writePlan(database, await planned(database), { applyId: randomUUID(), actor: "tester" });
    appendFileSync(join(dir, "overlays/staging/catalog.yaml"), "policy: { team_limit: 3 }\n");
    expect(await changed(database)).toEqual([null]);
    rmSync(join(dir, "overlays/staging/catalog.yaml"));
    rmSync(join(dir, "overlays/staging/orgs"), { recursive: true });
    const plan = await planned(database);
    expect(plan.scopes.map(({ org }) => org)).toEqual([null, "acme"]);
    expect(plan.findings.map(({ code }) => code)).toContain("undeclared-org");
  });
});
