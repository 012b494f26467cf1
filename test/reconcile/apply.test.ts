import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { discover } from "../../src/manifest/discover.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import type { ActualScope, DesiredState } from "../../src/model/state.ts";
import { byCodeUnit, canonicalText, type Value } from "../../src/model/value.ts";
import { matchScope } from "../../src/plan/match-scope.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { diagnosticsText } from "../../src/view/diagnostics-text.ts";
import { eachEngine, emptied } from "../engines.ts";
import { planEstate } from "./plan-estate.ts";
import { type Estate, twoEstates } from "./random-estates.ts";

const now = new Date("2026-11-20T09:00:00Z");

function read(files: Estate): DesiredState {
  const { desired, diagnostics } = readManifests(files);
  expect(diagnosticsText(diagnostics, { colour: false })).toBe("");
  if (!desired) throw new Error("There is no catalog.");
  return desired;
}

/** Plans and applies; gives the plan and the changes' count in the audit. */
async function apply(database: Database, desired: DesiredState): Promise<{ plan: Plan; audited: string[] }> {
  const plan = await planEstate(database, desired, now);
  expect(plan.findings).toEqual([]);
  const before = await auditLength(database);
  await writePlan(database, plan, { applyId: randomUUID(), actor: "test" });
  const { rows } = await database.pool.query(
    "select kind, row_id, action from tenantry.audit order by at, id offset $1",
    [before],
  );
  return { plan, audited: rows.map((row) => `${row.action} ${row.kind} ${row.row_id}`) };
}

async function auditLength(database: Database): Promise<number> {
  const { rows } = await database.pool.query("select count(*)::int as count from tenantry.audit");
  return rows[0].count;
}

const verbs = { create: "insert", update: "update", delete: "delete" } as const;

function changesOf(plan: Plan): string[] {
  return plan.scopes.flatMap(({ changes }) =>
    changes.map(({ action, kind, id }) => `${verbs[action]} ${kind} ${id}`),
  );
}

/** Everything that a database holds, with keys for ids, less what every row gets for itself. */
async function contentOf(database: Database): Promise<string[]> {
  const actual = await readActual(database);
  const noId = () => {
    throw new Error("Reading makes no rows.");
  };
  const catalog = matchScope(null, actual.catalog, () => undefined, noId);
  const keys = new Map(catalog.pairs.map(({ id, key }) => [id, key]));
  const rows = (scope: ActualScope) =>
    matchScope(null, scope, (id) => keys.get(id), noId).pairs.map(({ kind, before, actual: row }) => {
      const { created_at: _made, salt: _own, ...fields } = before;
      const said = {
        org: scope.org,
        kind,
        fields,
        origin: row?.origin,
        managed: [...(row?.managed ?? [])].sort(byCodeUnit),
      };
      return canonicalText(said as unknown as Value);
    });
  return [...rows({ ...actual.catalog, org: null }), ...actual.orgs.flatMap(rows)].sort(byCodeUnit);
}

eachEngine("apply", (open) => {
  test("makes the sample estate true, and then there is nothing left to do", async () => {
    const database = await open();
    const desired = read(discover("tenants").files);
    const { plan, audited } = await apply(database, desired);
    expect(audited.sort()).toEqual(changesOf(plan).sort());
    const again = await planEstate(database, desired, now);
    expect(again.scopes).toEqual([]);
    expect(again.base.revision).toBe(1);
  });

  test("of any estate and then of another leaves exactly the other, with every change in the audit", async () => {
    const database = await open();
    await fc.assert(
      fc
        .asyncProperty(twoEstates, async ([first, second]) => {
          await apply(database, read(first));
          const desired = read(second);
          const { plan, audited } = await apply(database, desired);
          expect(audited.sort()).toEqual(changesOf(plan).sort());
          expect((await planEstate(database, desired, now)).scopes).toEqual([]);
          const left = await contentOf(database);
          await emptied(database);
          await apply(database, desired);
          expect(left).toEqual(await contentOf(database));
        })
        .beforeEach(() => emptied(database)),
      { numRuns: 60 },
    );
  }, 240_000);

  describe("leaves no row changed", () => {
    test("when it fails at any of its statements, the last one included", async () => {
      const database = await open();
      const desired = read(discover("tenants").files);
      const plan = await planEstate(database, desired, now);
      const steps: string[] = [];
      const fault = new Error("stopped");
      await expect(
        writePlan(database, plan, {
          applyId: randomUUID(),
          actor: "test",
          step(name) {
            steps.push(name);
            if (name === "commit") throw fault;
          },
        }),
      ).rejects.toThrow(fault);
      expect(steps.at(-1)).toBe("commit");
      expect(steps.length).toBeGreaterThan(20);
      expect(await contentOf(database)).toEqual([]);
      expect(await auditLength(database)).toBe(0);
      expect((await apply(database, desired)).plan.base.revision).toBe(0);
    });

    test("when a row is no longer what the plan saw", async () => {
      const database = await open();
      const desired = read(discover("tenants").files);
      await apply(database, desired);
      const edited = read(
        discover("tenants").files.map(({ path, text }) => ({
          path,
          text: text.replace("Initech", "Initrode"),
        })),
      );
      const plan = await planEstate(database, edited, now);
      await database.pool.query("update tenantry.org set name = 'By hand' where slug = 'initech'");
      await expect(writePlan(database, plan, { applyId: randomUUID(), actor: "test" })).rejects.toMatchObject(
        {
          code: "plan-stale",
        },
      );
      const { rows } = await database.pool.query("select name from tenantry.org where slug = 'initech'");
      expect(rows).toEqual([{ name: "By hand" }]);
    });
  });
});
