import { expect, test } from "vitest";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { checkDecisions } from "../../src/reconcile/check-decisions.ts";
import { failingTests } from "../../src/reconcile/failing-tests.ts";

const text = `apiVersion: tenantry/v1
catalog: acme-cloud
features: { seats: { limit: members } }
products: [platform]
plans:
  free: { product: platform, fallback: true, versions: { 1: { entitlements: { seats: 3 } } } }
tests:
  - { name: free is small, now: 2026-11-01, org: { plan: free }, expect: { entitlements.seats: 5 } }
  - { name: free is free, now: 2026-11-01, org: { plan: free }, expect: { entitlements.seats: 3 } }
`;

function found(...names: string[]) {
  const manifests = readManifests([{ path: "tenants/catalog.yaml", text }]);
  expect(manifests.diagnostics).toEqual([]);
  const desired = manifests.desired;
  if (!desired) throw new Error("There is a catalog.");
  const allow = new Set(names.map((name) => `failing-test:${name}`));
  return {
    diagnostics: checkDecisions(desired, manifests, "2026-11-20T00:00:00Z", allow).map(
      ({ detail }) => detail,
    ),
    findings: failingTests(desired, manifests, allow),
  };
}

test("a failing test stops the plan, and names the flag that lets it pass", () => {
  expect(found()).toEqual({
    diagnostics: [
      `"free is small" expects 5 of entitlements.seats, and gets 3. The plan in force says so: catalog/plan/free@1. For once, plan and apply let it pass by --allow 'failing-test:free is small'.`,
    ],
    findings: [],
  });
});

test("one that is named passes, and is still told of", () => {
  expect(found("free is small")).toEqual({
    diagnostics: [],
    findings: [
      {
        code: "failing-test",
        subject: "free is small",
        message:
          "It expects 5 of entitlements.seats, and gets 3. The plan in force says so: catalog/plan/free@1.",
        help: "Mend the catalog, or what the test expects; to let it pass once: --allow 'failing-test:free is small'",
        canPass: true,
        at: { org: null, path: ["tests", 0] },
      },
    ],
  });
});

test("one that is named and does not fail stops nothing", () => {
  expect(found("free is free").findings).toEqual([]);
});
