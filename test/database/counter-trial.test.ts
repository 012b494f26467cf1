import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import { expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { readEstate } from "../../src/database/read-estate.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { eachEngine, urls } from "../engines.ts";
import { apply, estate, now, planFor } from "./whole-estate.ts";

const isLong = process.env.TENANTRY_LONG === "1";
const rounds = isLong ? 10_000 : 1_000;
const slugs = ["ant", "bee", "cat", "dog"];

/** Runs it again where the database chose it to give way, and counts how often. */
async function retried<T>(counts: Counts, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: string }).code !== "40P01") throw error;
      counts.deadlocks++;
    }
  }
}

interface Counts {
  deadlocks: number;
  applied: number;
  stale: number;
  byHand: number;
  unsettled: number;
}

eachEngine("the counters, with four writers by hand and two appliers", (open, engine) => {
  // One session has nobody beside it.
  if (engine === "pglite") {
    it.skip("need several sessions");
    return;
  }

  it(
    `never call applied what nobody compared, in ${rounds} rounds`,
    async () => {
      const database = await open();
      const declared = Object.fromEntries(slugs.map((slug) => [slug, { org: [{ slug, name: "git" }] }]));
      await apply(database, estate({}, declared));
      const rival = await openDatabase({
        url: urls.get(database) as string,
        rolePrefix: database.rolePrefix,
      });
      const template = await planFor(database, estate({}, declared));
      const writers = await Promise.all(Array.from({ length: 4 }, () => database.pool.connect()));
      const counts: Counts = { deadlocks: 0, applied: 0, stale: 0, byHand: 0, unsettled: 0 };
      for (let round = 0; round < rounds; round++) {
        await Promise.all([
          ...writers.map((client, index) => writeByHand(client, round * 4 + index, counts)),
          ...[database, rival].map((each, index) =>
            planAndApply(each, template, index === 0 ? `git ${round}` : `git ${round >> 2}`, counts),
          ),
        ]);
        counts.unsettled += await hiddenOrSeen(database);
      }
      console.log(`counter trial, ${rounds} rounds: ${JSON.stringify(counts)}, hidden 0`);
      for (const client of writers) client.release();
      await planAndApply(database, template, "at last", counts);
      expect(await hiddenOrSeen(database)).toBe(0);
      expect(counts.applied).toBeGreaterThan(rounds / 10);
      expect(counts.stale).toBeGreaterThan(rounds / 100);
      expect(counts.unsettled).toBeGreaterThan(rounds / 10);
      await rival.close();
    },
    isLong ? 3_600_000 : 240_000,
  );

  async function writeByHand(client: pg.PoolClient, turn: number, counts: Counts): Promise<void> {
    if (turn % 2 === 0) return;
    const two = [slugs[turn % 4], slugs[(turn * 7 + 1) % 4]];
    // Rarely what the appliers write too, mostly what only has to stay in sight.
    const statement =
      turn % 5 === 0
        ? "update tenantry.org set name = $1 where slug = any($2)"
        : "insert into tenantry.webhook (org_id, name) select org_id, $1 from tenantry.org where slug = any($2)";
    await setTimeout(turn % 13);
    await retried(counts, async () => {
      await client.query("begin");
      try {
        await client.query(statement, [`hand ${turn}`, turn % 3 === 0 ? two : [two[0]]]);
        if (turn % 4 === 1) await client.query("set constraints all immediate");
        if (turn % 7 === 0) await setTimeout(3);
        await client.query(turn % 11 === 0 ? "rollback" : "commit");
      } catch (error) {
        await client.query("rollback");
        throw error;
      }
    });
    counts.byHand++;
  }

  /** Looks at every org's name, as a plan does at all rows: in one snapshot, with the counters. */
  async function planAndApply(each: Database, template: Plan, name: string, counts: Counts): Promise<void> {
    const plan = await inTransaction(
      each,
      "apply",
      { isolation: "repeatable read", readOnly: true },
      async (transaction): Promise<Plan> => {
        const { rows } = await transaction.query<Row>(
          `select org_id as "orgId", slug, name, managed, change_counter::int as counter,
             (select count(*) from webhook w where w.org_id = org.org_id) as hooks
           from org join org_books using (org_id) order by slug`,
        );
        const { noted, ...base } = await readEstate(transaction);
        const chosen = name === "at last" ? rows : rows.filter((_, index) => (index + name.length) % 3 > 0);
        return {
          ...template,
          now,
          base: { ...base, noted, counters: new Map(chosen.map(({ orgId, counter }) => [orgId, counter])) },
          scopes: chosen.filter((row) => row.name !== name).map((row) => renaming(row, name)),
          baselines: chosen.map(({ orgId, hooks }) => ({
            orgId,
            sourceDigest: `${name}, ${hooks} webhooks`,
            desiredDigest: null,
            nextDue: null,
            sources: null,
          })),
        };
      },
    );
    try {
      await writePlan(each, plan, { applyId: randomUUID(), actor: "trial", lockTimeout: 30_000 });
      counts.applied++;
    } catch (error) {
      expect(error).toMatchObject({ code: "plan-stale" });
      counts.stale++;
    }
  }

  interface Row {
    readonly orgId: string;
    readonly slug: string;
    readonly name: string;
    readonly managed: string[];
    readonly counter: number;
    readonly hooks: string;
  }

  function renaming({ orgId, slug, name: before, managed }: Row, after: string): Plan["scopes"][number] {
    const fields = [{ field: "name", before, after, drift: null }];
    const change = {
      action: "update" as const,
      kind: "org" as const,
      id: orgId,
      key: "",
      path: null,
      partOf: null,
      fields,
      managedBefore: managed,
      managed,
    };
    return { org: slug, orgId, changes: [change], ids: new Map() };
  }

  /** How many orgs show that somebody wrote; fails where one hides it. */
  async function hiddenOrSeen(database: Database): Promise<number> {
    const { rows } = await database.pool.query(
      `select slug, source_digest as noted, change_counter = applied_counter as is_settled,
         name || ', ' || (select count(*) from tenantry.webhook w where w.org_id = org.org_id) || ' webhooks' as content
       from tenantry.org join tenantry.org_books using (org_id)`,
    );
    const settled = rows.filter(({ is_settled }) => is_settled);
    // The first apply of all noted nothing.
    expect(settled.filter(({ content, noted }) => noted !== null && content !== noted)).toEqual([]);
    return rows.length - settled.length;
  }
});
