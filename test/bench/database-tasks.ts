import { randomUUID } from "node:crypto";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { loadManifests } from "../../src/reconcile/load-manifests.ts";
import { planEstate } from "../../src/reconcile/plan-estate.ts";
import { rolePrefix } from "./bench-database.ts";
import type { Figures, TaskInput } from "./task.ts";

/** What is measured of manifests and a database together. Connecting is no part of it. */
export const databaseTasks = {
  /** A plan of what is already applied. */
  async plan(input) {
    return withDatabase(input, async (database) => {
      const begun = performance.now();
      const { desired } = loadManifests(input.folder, { now: new Date() });
      const plan = await planEstate(database, desired, new Date());
      const milliseconds = performance.now() - begun;
      if (plan.scopes.length > 0) throw new Error("The plan has changes.");
      return { milliseconds };
    });
  },

  /** The first apply: `milliseconds` is the transaction, `planning` what goes before it. */
  async apply(input) {
    return withDatabase(input, async (database) => {
      const { desired } = loadManifests(input.folder, { now: new Date() });
      const begun = performance.now();
      const plan = await planEstate(database, desired, new Date());
      const planned = performance.now();
      if (plan.findings.length > 0) throw new Error("The plan is refused.");
      await writePlan(database, plan, { applyId: randomUUID(), actor: "bench", lockTimeout: 60_000 });
      return {
        milliseconds: performance.now() - planned,
        planning: planned - begun,
        rows: plan.scopes.reduce((sum, { changes }) => sum + changes.length, 0),
      };
    });
  },
} as const satisfies Record<string, (input: TaskInput) => Promise<Figures>>;

async function withDatabase(
  { url }: TaskInput,
  work: (database: Database) => Promise<Figures>,
): Promise<Figures> {
  const database = await openDatabase({ url, rolePrefix });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
