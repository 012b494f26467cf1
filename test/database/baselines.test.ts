import { randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { catalogId, type DesiredState } from "../../src/model/state.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { eachEngine } from "../engines.ts";
import { acme, catalog, estate, globex, planFor, whole } from "./whole-estate.ts";

eachEngine("what an apply notes", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await write(await looking(whole, "first"));
  });

  const write = (plan: Plan) =>
    writePlan(database, plan, { applyId: randomUUID(), actor: "tester", commit: "9f3c2e1", title: "Q4" });

  /** A plan that looked at everything, made from files that are told apart by a word. */
  async function looking(desired: DesiredState, digest: string): Promise<Plan> {
    const plan = await planFor(database, desired);
    const orgIds = new Set([...plan.base.counters.keys(), ...plan.scopes.map(({ orgId }) => orgId)]);
    const baselines = [...orgIds].map((orgId) => ({
      orgId,
      sourceDigest: digest,
      desiredDigest: `${digest} came to`,
      nextDue: "2026-12-01T00:00:00Z",
      sources: [
        {
          path: `${orgId}.yaml`,
          digest,
          text: `"${digest}",\\ {x}`,
          content: '{"b":1,"a":[2]}',
          claims: ["slug a,b"],
        },
      ],
    }));
    const { rows } = await database.pool.query("select noted::int from tenantry.estate");
    return { ...plan, base: { ...plan.base, noted: rows[0].noted }, baselines };
  }

  async function books(slug: string) {
    const { rows } = await database.pool.query(
      `select source_digest as digest, desired_digest as desired, next_due as due,
         change_counter::int as changed, applied_counter::int as applied
       from tenantry.org_books left join tenantry.org using (org_id) where coalesce(slug, 'catalog') = $1`,
      [slug],
    );
    return rows[0];
  }

  const quieter = estate(catalog, { acme: { ...acme, banner: [] }, globex });

  it("is the digests, the counter, the time that is due, and the files", async () => {
    const due = new Date("2026-12-01T00:00:00Z");
    const noted = { digest: "first", desired: "first came to", due, changed: 1, applied: 1 };
    for (const scope of ["catalog", "acme", "globex"]) expect(await books(scope), scope).toEqual(noted);
    const { rows } = await database.pool.query("select * from tenantry.source order by org_id");
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual({
      org_id: catalogId,
      path: `${catalogId}.yaml`,
      digest: "first",
      text: '"first",\\ {x}',
      content: { b: 1, a: [2] },
      claims: ["slug a,b"],
      commit: "9f3c2e1",
      revision: "1",
    });
    expect((await database.pool.query("select title from tenantry.revision")).rows).toEqual([
      { title: "Q4" },
    ]);
  });

  it("makes no revision where nothing changed, and replaces the files", async () => {
    expect(await write(await looking(whole, "second"))).toMatchObject({ revision: 1, rows: 0 });
    expect((await readActual(database)).revision).toBe(1);
    expect(await books("acme")).toMatchObject({ digest: "second", changed: 1, applied: 1 });
    const { rows } = await database.pool.query("select distinct digest, revision from tenantry.source");
    expect(rows).toEqual([{ digest: "second", revision: "1" }]);
  });

  it("leaves files alone that are noted already", async () => {
    const plan = await looking(whole, "second");
    await write({ ...plan, baselines: plan.baselines.map((one) => ({ ...one, sources: null })) });
    const { rows } = await database.pool.query("select distinct digest from tenantry.source");
    expect(rows).toEqual([{ digest: "first" }]);
  });

  it("counts what was written by hand as seen, once it was looked at and found equal", async () => {
    await database.pool.query(
      "insert into tenantry.webhook (org_id, name) select org_id, 'x' from tenantry.org",
    );
    expect(await books("acme")).toMatchObject({ changed: 2, applied: 1 });
    const seen = await looking(whole, "second");
    expect(seen.scopes).toEqual([]);
    await write(seen);
    expect(await books("acme")).toMatchObject({ changed: 2, applied: 2, digest: "second" });
  });

  it("never hides what was written by hand after the look", async () => {
    for (const desired of [whole, quieter]) {
      const plan = await looking(desired, "second");
      await database.pool.query(
        "insert into tenantry.webhook (org_id, name) select org_id, gen_random_uuid() from tenantry.org where slug = 'acme'",
      );
      await write(plan);
      const { changed, applied, digest } = await books("acme");
      expect(applied).toBe(plan.base.counters.get(await orgId("acme")));
      expect(changed).toBeGreaterThan(applied);
      expect(digest).toBe(desired === whole ? "first" : null);
      expect(await books("globex")).toMatchObject({ changed: 1, applied: 1, digest: "second" });
    }
  });

  it("never takes back what another apply accounted for since", async () => {
    const slow = await looking(whole, "slow");
    await write(await looking(quieter, "quick"));
    await write(slow);
    expect(await books("acme")).toMatchObject({ changed: 2, applied: 2, digest: "quick" });
  });

  it("names no closure where another apply noted orgs by another one meanwhile", async () => {
    const slow = await looking(whole, "slow");
    const acmeOnly = await looking(whole, "first");
    await write({ ...acmeOnly, baselines: acmeOnly.baselines.filter(({ orgId }) => orgId !== catalogId) });
    await write(slow);
    expect(await books("catalog")).toMatchObject({ digest: null, desired: null });
    await write(await looking(whole, "next"));
    expect(await books("catalog")).toMatchObject({ digest: "next", desired: "next came to" });
    const same = await looking(whole, "next");
    await write(await looking(whole, "next"));
    await write(same);
    expect(await books("catalog")).toMatchObject({ digest: "next", desired: "next came to" });
  });

  it("makes the next plan look at what was written without having been compared", async () => {
    const plan = await planFor(database, quieter);
    expect(plan.baselines).toEqual([]);
    await write(plan);
    expect(await books("acme")).toMatchObject({ changed: 2, applied: 2, digest: null });
    expect(await books("globex")).toMatchObject({ changed: 1, applied: 1, digest: "first" });
  });

  it("leaves drift to be seen in what was written without having been compared", async () => {
    await database.pool.query("update tenantry.webhook set name = name || 'x'");
    await write(await planFor(database, quieter));
    expect(await books("acme")).toMatchObject({ changed: 3, applied: 1, digest: null });
  });

  it("begins the books of a scope that has none", async () => {
    await database.pool.query("delete from tenantry.org_books where org_id = $1", [await orgId("globex")]);
    await write(await looking(whole, "second"));
    expect(await books("globex")).toMatchObject({ changed: 0, applied: 0, digest: "second" });
  });

  async function orgId(slug: string): Promise<string> {
    const { rows } = await database.pool.query("select org_id from tenantry.org where slug = $1", [slug]);
    return rows[0].org_id;
  }
});
