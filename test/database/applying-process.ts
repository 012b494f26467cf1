import { randomUUID } from "node:crypto";
import { openDatabase } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { estate, planFor } from "./whole-estate.ts";

/** What the test asks of an applying process: to plan, and then to apply what it planned. */
export type Order =
  | { readonly to: "plan"; readonly text: string; readonly slug: string }
  | { readonly to: "apply" };

/** What became of an order. */
export interface Report {
  readonly outcome: "ready" | "planned" | "applied" | "plan-stale" | "lock-held" | string;
  readonly revision?: number;
}

// A process of its own that plans and applies when it is told to, over and over.
const [url = "", rolePrefix = "", slugs = ""] = process.argv.slice(2);
const database = await openDatabase({ url, rolePrefix });
const known = slugs.split(",");
let plan: Plan | undefined;

const say = (report: Report) => process.send?.(report);

process.on("message", async (order: Order) => {
  try {
    if (order.to === "plan") {
      const { slug, text } = order;
      const declared = known.map(
        (each) => [each, each === slug ? { banner: [{ message: text }] } : {}] as const,
      );
      plan = await planFor(
        database,
        estate(
          {},
          Object.fromEntries(declared.map(([each, more]) => [each, { org: [{ slug: each }], ...more }])),
        ),
      );
      // Only the banner of one org is this process's to say: the others' stay as they are.
      const scopes = plan.scopes.filter(({ org }) => org === slug);
      plan = { ...plan, scopes };
      say({ outcome: "planned" });
    } else {
      const { revision } = await writePlan(database, plan as Plan, {
        applyId: randomUUID(),
        actor: `process ${process.pid}`,
        lockTimeout: 20_000,
      });
      say({ outcome: "applied", revision });
    }
  } catch (error) {
    say({ outcome: (error as { code?: string }).code ?? String(error) });
  }
});
process.on("disconnect", () => process.exit());
say({ outcome: "ready" });
