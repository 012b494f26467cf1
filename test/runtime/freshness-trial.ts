import { randomUUID } from "node:crypto";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { readEstate } from "../../src/database/read-estate.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { keepFresh } from "../../src/runtime/keep-fresh.ts";
import { openLiveEstate } from "../../src/runtime/live-estate.ts";

/** From the return of an apply to the first answer that shows it, in milliseconds. */
export interface FreshnessFigures {
  readonly applies: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Applies small edits to the orgs of an estate in turn, with a second set of connections that keeps the estate in memory as
 * a server does, and measures when each is seen there.
 */
export async function tryFreshness(
  database: Database,
  url: string,
  applies: number,
): Promise<FreshnessFigures> {
  const serving = await openDatabase({ url, rolePrefix: database.rolePrefix });
  const estate = await openLiveEstate(serving);
  const keeping = keepFresh(serving, estate);
  const { rows: orgs } = await database.pool.query<Org>(
    "select org_id as id, slug from tenantry.org order by slug",
  );
  const waits: number[] = [];
  try {
    while (keeping.status().mode !== "listening") await soon();
    for (let turn = 0; turn < applies; turn++) {
      const org = orgs[turn % orgs.length] as Org;
      const name = `applied ${turn}`;
      await writePlan(database, await renaming(database, org, name), {
        applyId: randomUUID(),
        actor: "trial",
      });
      const committed = performance.now();
      while ((await estate.org(org.slug))?.name !== name) await soon();
      waits.push(performance.now() - committed);
    }
  } finally {
    await keeping.end();
    await serving.close();
  }
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { applies, p50: at(0.5), p99: at(0.99), max: at(1) };
}

interface Org {
  readonly id: string;
  readonly slug: string;
}

/** Not at once again: whoever spins takes the time of those that are measured. */
function soon(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
}

/** The plan of one edit, made from what it needs alone: planning is not what is measured. */
async function renaming(database: Database, { id, slug }: Org, after: string): Promise<Plan> {
  return inTransaction(
    database,
    "apply",
    { isolation: "repeatable read", readOnly: true },
    async (transaction) => {
      const { rows } = await transaction.query<{ name: string; managed: string[] | null; counter: number }>(
        `select name, managed, change_counter::int as counter from org join org_books using (org_id) where org_id = $1`,
        [id],
      );
      const [row] = rows;
      if (!row) throw new Error(`${slug} is gone.`);
      const { noted: _, ...base } = await readEstate(transaction);
      const change = {
        action: "update" as const,
        kind: "org" as const,
        id,
        key: "",
        path: null,
        partOf: null,
        fields: [{ field: "name", before: row.name, after, drift: null }],
        managedBefore: row.managed,
        managed: ["name"],
      };
      return {
        ...nothing,
        base: { ...base, counters: new Map([[id, row.counter]]) },
        scopes: [{ org: slug, orgId: id, changes: [change], ids: new Map() }],
      };
    },
  );
}

/** All that a plan says of what it does not do. */
const nothing: Omit<Plan, "base" | "scopes"> = {
  kind: "plan",
  now: "2026-11-21T09:00:00Z",
  catalogIds: new Map(),
  findings: [],
  allowed: [],
  notes: [],
  headroom: [],
  orgCount: 0,
  looked: {
    orgs: 1,
    because: { source: 1, rows: 0, due: 0, catalog: 0, refresh: 0 },
    unmanagedSections: 0,
    dueElsewhere: 0,
  },
  baselines: [],
};
