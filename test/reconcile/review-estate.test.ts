import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { type Review, type ReviewOptions, reviewEstate } from "../../src/reconcile/review-estate.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";
import { eachEngine, emptied } from "../engines.ts";
import { type Estate, twoEstates } from "./random-estates.ts";

const now = new Date("2026-11-20T09:00:00Z");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "tenantry-review-"));
  folders.push(made);
  return made;
}

/** A copy of the sample estate that a test may edit. */
function sample(): string {
  const dir = join(folder(), "tenants");
  cpSync("tenants", dir, { recursive: true });
  return dir;
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

async function review(database: Database, dir: string, more: Partial<ReviewOptions> = {}): Promise<Review> {
  const reviewed = await reviewEstate(database, { dir, now, ...more });
  expect(diagnosticsText(reviewed.diagnostics, { colour: false })).toBe("");
  if (!reviewed.plan) throw new Error("The manifests are faulty.");
  return reviewed;
}

async function apply(database: Database, dir: string, more: Partial<ReviewOptions> = {}): Promise<Plan> {
  const { plan } = await review(database, dir, more);
  expect(plan.findings).toEqual([]);
  await writePlan(database, plan, { applyId: randomUUID(), actor: "test" });
  return plan;
}

/** What a plan says, without the ids that it gives. */
function saidBy({ scopes, findings }: Plan): string[] {
  const changes = scopes.flatMap(({ org, changes }) =>
    changes.map((change) => {
      const { id: _id, ...said } = change;
      return JSON.stringify([org, said]).replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "id");
    }),
  );
  return [...changes, ...findings.map((finding) => JSON.stringify(finding))];
}

eachEngine("a plan", (open) => {
  test("looks at nothing where nothing moved, also in a fresh clone", async () => {
    const database = await open();
    const dir = sample();
    await apply(database, dir);
    const clone = join(folder(), "tenants");
    cpSync(dir, clone, { recursive: true });
    for (const one of [dir, clone]) {
      const { plan } = await review(database, one);
      expect(plan).toMatchObject({ scopes: [], orgCount: 3, looked: { orgs: 0 } });
    }
  });

  test("looks at the one org whose file changed", async () => {
    const database = await open();
    const dir = sample();
    await apply(database, dir);
    edit(join(dir, "orgs/globex.yaml"), "name: ", "description: Edited\nname: ");
    const { plan } = await review(database, dir);
    expect(plan.looked).toMatchObject({ orgs: 1, because: { source: 1 } });
    expect(plan.scopes.map(({ org }) => org)).toEqual(["globex"]);
    await apply(database, dir);
    expect((await review(database, dir)).plan.looked.orgs).toBe(0);
  });

  test("looks at no org where the catalog changed in what no manifest refers to", async () => {
    const database = await open();
    const dir = sample();
    await apply(database, dir);
    edit(join(dir, "catalog.yaml"), "grants: [org:update, members:*, teams:manage]", "grants: [org:update]");
    const { plan, impact } = await review(database, dir);
    expect(plan.looked.orgs).toBe(0);
    expect(plan.scopes.map(({ org }) => org)).toEqual([null]);
    expect(impact).not.toBe(null);
    const refreshed = await review(database, dir, { refresh: true });
    expect(impact).toEqual(refreshed.impact);
  });

  test("names places of orgs that it does not look at as it names them where it does", async () => {
    const database = await open();
    const dir = sample();
    await apply(database, dir);
    edit(
      join(dir, "catalog.yaml"),
      "grants: [deployment:read, deployment:create]",
      "grants: [deployment:read, deployment:create, deployment:roll_back]",
    );
    const plain = await review(database, dir);
    expect(plain.plan.looked.orgs).toBe(0);
    const refreshed = await review(database, dir, { refresh: true });
    expect(plain.impact).toEqual(refreshed.impact);
    expect(JSON.stringify(plain.impact)).toContain("web/live");
  });

  test.each([
    ["a row changed", "update tenantry.member set status = 'suspended' where email = 'ana@acme.example'"],
    ["a row taken away", "delete from tenantry.binding where member_id is not null"],
    ["a row added and owned", "update tenantry.org set name = 'By hand' where slug = 'acme'"],
  ])("finds %s by hand", async (_what, sql) => {
    const database = await open();
    const dir = sample();
    await apply(database, dir);
    await database.pool.query(sql);
    const { plan } = await review(database, dir);
    expect(plan.looked.because.rows).toBeGreaterThan(0);
    expect(plan.scopes.length).toBeGreaterThan(0);
    expect(saidBy(plan)).toEqual(saidBy((await review(database, dir, { refresh: true })).plan));
    await apply(database, dir);
    expect((await review(database, dir)).plan).toMatchObject({ scopes: [], looked: { orgs: 0 } });
  });

  test("looks again when something has lapsed", async () => {
    const database = await open();
    const dir = sample();
    await apply(database, dir);
    const before = await review(database, dir, { now: new Date("2026-11-30T23:59:59Z") });
    const after = await review(database, dir, { now: new Date("2027-06-01T00:00:00Z") });
    expect(before.plan.looked.orgs).toBe(0);
    expect(after.plan.looked.because.due).toBeGreaterThan(0);
  });

  test("meets a claim of an org that was not parsed", async () => {
    const database = await open();
    const dir = sample();
    await apply(database, dir);
    edit(join(dir, "orgs/globex.yaml"), "name: ", "primary_domain: acme.example\nname: ");
    const reviewed = await reviewEstate(database, { dir, now });
    expect(reviewed.diagnostics.map(({ code }) => code)).toContain("claimed-twice");
  });
});

describe("the short cut", () => {
  eachEngine("agrees with looking at everything", (open) => {
    test("whatever was edited, in files and by hand", { timeout: 120_000 }, async () => {
      const database = await open();
      await fc.assert(
        fc.asyncProperty(
          twoEstates,
          fc.array(handEdit(), { maxLength: 3 }),
          async ([first, second], edits) => {
            await emptied(database);
            const dir = join(folder(), "tenants");
            write(dir, first);
            await apply(database, dir);
            for (const sql of edits) await database.pool.query(sql);
            await agree(database, dir);
            rmSync(dir, { recursive: true });
            write(dir, second);
            const plan = await agree(database, dir);
            if (plan.findings.length > 0) return;
            await apply(database, dir);
            const { plan: left } = await review(database, dir);
            expect(left).toMatchObject({ scopes: [], looked: { orgs: 0 } });
            expect((await review(database, dir, { refresh: true })).plan.scopes).toEqual([]);
          },
        ),
        { numRuns: Number(process.env.TENANTRY_RUNS ?? 40) },
      );
    });
  });
});

async function agree(database: Database, dir: string): Promise<Plan> {
  const plain = await review(database, dir);
  const refreshed = await review(database, dir, { refresh: true });
  expect(saidBy(plain.plan)).toEqual(saidBy(refreshed.plan));
  return plain.plan;
}

function write(dir: string, estate: Estate): void {
  for (const { path, text } of estate) {
    const file = join(dir, path.replace(/^tenants\//, ""));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** What somebody does with psql: it may hit a row or none. */
function handEdit(): fc.Arbitrary<string> {
  const slug = fc.constantFrom("acme", "globex", "hooli");
  return fc.oneof(
    slug.map((org) => `update tenantry.org set name = 'By hand' where slug = '${org}'`),
    slug.map(
      (org) =>
        `update tenantry.member set status = 'suspended' where org_id = (select org_id from tenantry.org where slug = '${org}')`,
    ),
    slug.map(
      (org) =>
        `delete from tenantry.binding where org_id = (select org_id from tenantry.org where slug = '${org}')`,
    ),
    slug.map(
      (org) =>
        `insert into tenantry.member (org_id, key, email) select org_id, 'hand@made.example', 'hand@made.example' from tenantry.org where slug = '${org}' and not exists (select from tenantry.member m where m.org_id = org.org_id and m.key = 'hand@made.example')`,
    ),
    fc.constant("update tenantry.catalog_role set description = 'By hand'"),
  );
}
