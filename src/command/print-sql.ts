import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { Database } from "../database/connect.ts";
import { planSql } from "../database/plan-sql.ts";
import { recordedCommit } from "./find-provenance.ts";
import type { ShownPlan } from "./print-plan.ts";
import type { Terminal } from "./terminal.ts";

/** Prints what an apply would do as SQL for psql, or writes it to a file. */
export async function printSql(
  database: Database,
  { plan, about: { provenance } }: ShownPlan,
  output: true | string,
  terminal: Terminal,
): Promise<void> {
  const text = await planSql(database, plan, {
    applyId: randomUUID(),
    actor: provenance?.actor ?? "unknown",
    commit: provenance ? recordedCommit(provenance) : undefined,
    title: provenance?.title ?? undefined,
    applicationName: "tenantry",
  });
  if (output === true) {
    terminal.out(text);
    return;
  }
  await writeFile(output, text);
  terminal.talk(`Written to ${output}. Run it with: psql -v ON_ERROR_STOP=1 -f ${output}\n`);
}
