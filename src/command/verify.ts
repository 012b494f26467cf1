import { randomUUID } from "node:crypto";
import type { Database } from "../database/connect.ts";
import { verifyPlan } from "../database/verify-plan.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { ShownPlan } from "./print-plan.ts";
import type { Terminal } from "./terminal.ts";

/** Tries a plan on the database's own constraints and takes everything back; says where what they refuse is declared. */
export async function verify(
  database: Database,
  { plan, places, about }: ShownPlan,
  terminal: Terminal,
): Promise<ExitCode> {
  const progress = terminal.progress("Trying");
  const refused = await verifyPlan(database, plan, {
    applyId: randomUUID(),
    actor: about.provenance?.actor ?? "unknown",
    onProgress: progress.update,
  }).finally(progress.stop);
  if (refused === null) {
    terminal.talk("Verified: the database takes every change. All were taken back.\n");
    return exitCode.done;
  }
  const place = refused.at && places.declaredAt(refused.at.org, refused.at.path);
  const where = [refused.address, place].filter((part) => part !== null).join("  ");
  terminal.talk(`error[${refused.code}] ${refused.message}\n${where === "" ? "" : `  ${where}\n`}`);
  return exitCode.error;
}
