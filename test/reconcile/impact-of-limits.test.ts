import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { explainOrg } from "../../src/reconcile/explain-org.ts";
import { loadManifests } from "../../src/reconcile/load-manifests.ts";
import { reviewEstate } from "../../src/reconcile/review-estate.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";
import { impactText } from "../../src/view/impact-text.ts";
import { eachEngine } from "../engines.ts";

const now = new Date("2026-11-20T09:00:00Z");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function written(files: Readonly<Record<string, string>>, dir = mkdtempSync(join(tmpdir(), "tenantry-"))) {
  folders.push(dir);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

const catalog = (general: string) => `apiVersion: tenantry/v1
catalog: cloud
permissions:
  org: [read]
  document: { actions: [read, delete], scope: workspace }
roles:
  owner: { grants: ["*:*"] }
  member: { grants: [org:read] }
rate_limits: { api: ${general} }
products: [platform]
plans:
  team: { product: platform, versions: { 1: { rate_limits: { api: 600/minute } } } }
`;
const org = (slug: string, rest: string) => `apiVersion: tenantry/v1
org: ${slug}
name: ${slug}
members:
  ana@${slug}.example: { roles: [owner] }
${rest}`;

const start = {
  "catalog.yaml": catalog("60/minute"),
  "orgs/acme.yaml": org(
    "acme",
    `join: { acme.example: { roles: [member] } }
api_keys: { deploy: { scopes: [document:read] } }
`,
  ),
  "orgs/globex.yaml": org("globex", "rate_limits: { api: 5/minute }\n"),
  "orgs/hooli.yaml": org("hooli", "subscriptions: { platform: { plan: team@1, cycle: monthly } }\n"),
};

async function reviewed(database: Database, dir: string) {
  const review = await reviewEstate(database, { dir, now });
  expect(diagnosticsText(review.diagnostics, { colour: false })).toBe("");
  if (!review.plan || !review.impact) throw new Error("There is no plan.");
  const { plan, impact } = review;
  return { plan, text: impactText(impact, { colour: false, width: 100, names: "some" }) };
}

eachEngine("the impact", (open) => {
  test("tells rate limits of the catalog, join rules and keys from the rows of a database", async () => {
    const database = await open();
    const dir = written(start);
    await writePlan(database, (await reviewed(database, dir)).plan, { applyId: randomUUID(), actor: "test" });
    written({ "catalog.yaml": catalog("30/minute") }, dir);
    expect((await reviewed(database, dir)).text).toMatchInlineSnapshot(`
      "What this decides
        limits  api 60/minute → 30/minute  acme
      "
    `);
    const acme = start["orgs/acme.yaml"]
      .replace("[member] }", "[owner] }")
      .replace("[document:read]", "[document:read, document:delete]");
    written({ "catalog.yaml": start["catalog.yaml"], "orgs/acme.yaml": acme }, dir);
    expect((await reviewed(database, dir)).text).toMatchInlineSnapshot(`
      "What this decides
        pending  join acme.example: member → owner  acme
        keys     deploy: + document:delete          acme
      "
    `);
  });
});

test("explain says the limit that is in force for an org, and who says so", () => {
  const dir = written(start);
  const manifests = loadManifests(dir, { now });
  const limits = ["acme", "globex", "hooli"].flatMap((slug) => {
    const explained = explainOrg(manifests, slug, now.toISOString()) ?? [];
    return explained
      .filter(({ group }) => group === "rate limits")
      .map(({ name, value, source, at }) => ({ name, value, source, at: at && relative(dir, at) }));
  });
  const [sixty, five, sixHundred] = [60, 5, 600].map((amount) => ({ amount, per: "minute" }));
  expect(limits).toEqual([
    { name: "api", value: sixty, source: "catalog/rate_limit/api", at: "catalog.yaml:9" },
    { name: "api", value: five, source: "globex/rate_limit/api", at: "orgs/globex.yaml:6" },
    { name: "api", value: sixHundred, source: "catalog/plan/team@1", at: "catalog.yaml:12" },
  ]);
});
