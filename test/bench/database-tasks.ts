import { randomUUID } from "node:crypto";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { type Review, type ReviewOptions, reviewEstate } from "../../src/reconcile/review-estate.ts";
import { impactText } from "../../src/view/impact-text.ts";
import { planMarkdown } from "../../src/view/plan-markdown.ts";
import { rolePrefix } from "./bench-database.ts";
import type { Figures, TaskInput } from "./task.ts";

/** What is measured of manifests and a database together. Connecting is no part of it. */
export const databaseTasks = {
  /** A plan of what is already applied. */
  async plan(input) {
    return planning(input, ({ plan }) => {
      if (plan.scopes.length > 0 || plan.looked.orgs > 0) throw new Error("The plan has changes.");
    });
  },

  /** The same without any short cut. */
  async refresh(input) {
    return planning(
      input,
      ({ plan }) => {
        if (plan.scopes.length > 0) throw new Error("The plan has changes.");
      },
      { refresh: true },
    );
  },

  /** A plan of what is applied but for one org. */
  async planOne(input) {
    return planning(input, ({ plan }) => {
      if (plan.scopes.length !== 1 || plan.looked.orgs !== 1) throw new Error("Not one org has changed.");
    });
  },

  /** A plan of what is applied but for the catalog. */
  async planCatalog(input) {
    return planning(input, ({ plan }) => {
      if (plan.scopes.length !== 1 || plan.scopes[0]?.org !== null)
        throw new Error("Not the catalog has changed.");
    });
  },

  /** A plan of what is applied but for a template that every org is made from, as a comment on a pull request. */
  async planTemplate(input) {
    return withDatabase(input, async (database) => {
      const begun = performance.now();
      const { plan, impact, declaredAt, wasDeclaredAt } = await review(database, input);
      const text = planMarkdown(plan, {
        declaredAt,
        wasDeclaredAt,
        about: { estate: "bench", provenance: null },
        impact: impact && impactText(impact, { colour: false, width: 100, names: "some" }),
      });
      const milliseconds = performance.now() - begun;
      if (plan.scopes.length < plan.orgCount / 3) throw new Error("The change reaches few orgs.");
      if (text.length > 65_536) throw new Error("The comment is too long.");
      return { milliseconds, scopes: plan.scopes.length, characters: text.length };
    });
  },

  /** A plan of everything, for an empty database. */
  async firstPlan(input) {
    return planning(input, ({ plan }) => {
      if (plan.findings.length > 0) throw new Error("The plan is refused.");
    });
  },

  /** The first apply: `milliseconds` is the transaction, `planning` what goes before it. */
  async apply(input) {
    return withDatabase(input, async (database) => {
      const begun = performance.now();
      const { plan } = await review(database, input);
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

async function planning(
  input: TaskInput,
  check: (review: Review) => void,
  options: Partial<ReviewOptions> = {},
): Promise<Figures> {
  return withDatabase(input, async (database) => {
    const begun = performance.now();
    const reviewed = await review(database, input, options);
    const milliseconds = performance.now() - begun;
    check(reviewed);
    return { milliseconds };
  });
}

async function review(
  database: Database,
  { folder }: TaskInput,
  options: Partial<ReviewOptions> = {},
): Promise<Review> {
  const reviewed = await reviewEstate(database, { dir: folder, now: new Date(), ...options });
  if (!reviewed.plan) throw new Error("The manifests have problems.");
  return reviewed;
}

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
