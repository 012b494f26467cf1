import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withOrg } from "../../src/client/with-org.ts";
import { openEmbeddedEstate } from "../../src/embedded/open-embedded-estate.ts";

const example = join(import.meta.dirname, "../../examples/saas-app/tenants");
let root: string;
let tenants: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tenantry-embedded-"));
  tenants = join(root, "tenants");
  directory = join(root, "database");
  cpSync(example, tenants, { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const acme = (text: string) =>
  writeFileSync(join(tenants, "orgs/acme.yaml"), `apiVersion: tenantry/v1\norg: acme\n${text}`);
const soon = { timeout: 15_000, interval: 50 };

test("answers by the manifests from the start, and by every edit that can be applied", async () => {
  const told: string[] = [];
  const { client, pool, close } = await openEmbeddedEstate({
    directory,
    tenants,
    tell: (line) => told.push(line),
  });
  try {
    expect(told[0]).toContain("Making the embedded database");
    expect(told[1]).toContain("applied, revision 1");
    const org = client.org("acme");
    const ana = "ana@acme.example";
    expect([org.can(ana, "orders:write"), org.can("bo@acme.example", "orders:write")]).toEqual([true, false]);
    acme("name: Acme\nmembers: { ana@acme.example: ownr }\n");
    await expect.poll(() => told.join(""), soon).toContain("error[unknown-role]");
    expect([client.standing().revision, org.can(ana, "orders:write")]).toEqual([1, true]);
    acme("name: Acme\nmembers: { ana@acme.example: owner, bo@acme.example: clerk }\n");
    await expect.poll(() => org.can("bo@acme.example", "orders:write"), soon).toBe(true);
    // The same database, for the app's own work.
    const seen = await withOrg(
      pool,
      "acme",
      (one) => one.query("select slug, current_user as role from tenantry.org"),
      { role: "tenantry_app", lookUpAs: "tenantry_runtime" },
    );
    expect(seen.rows).toEqual([{ slug: "acme", role: "tenantry_app" }]);
    await expect(openEmbeddedEstate({ directory, tenants })).rejects.toMatchObject({ name: "DatabaseInUse" });
  } finally {
    await close();
  }
  expect(pool.ended).toBe(true);
});

test("begins with nothing where the manifests are faulty, and goes on once they are mended", async () => {
  const told: string[] = [];
  acme("name: Acme\nmembers: { ana@acme.example: ownr }\n");
  const { client, close } = await openEmbeddedEstate({ directory, tenants, tell: (line) => told.push(line) });
  try {
    expect(told.join("")).toContain("error[unknown-role]");
    const answer = () =>
      client.org("acme").check([{ permission: "orders:write", member: "ana@acme.example" }])[0];
    expect(answer()).toMatchObject({ allowed: false, reason: "unknown-org" });
    acme("name: Acme\nmembers: { ana@acme.example: owner }\n");
    await expect.poll(answer, soon).toMatchObject({ allowed: true });
  } finally {
    await close();
  }
});
