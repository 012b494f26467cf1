import type { Database } from "../database/connect.ts";
import { findEstate } from "../reconcile/find-estate.ts";
import { reviewEstate } from "../reconcile/review-estate.ts";
import type { ExitCode } from "./exit-code.ts";
import { findProvenance, type ProvenanceOptions } from "./find-provenance.ts";
import { printFaults } from "./print-faults.ts";
import type { ShownPlan } from "./print-plan.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { type DatabaseOptions, placeOf } from "./with-database.ts";

/** What every command that plans takes. */
export interface ReviewOptions extends DatabaseOptions, ProvenanceOptions {
  readonly dir: string;
  readonly json: boolean;
  /** Takes no short cut. */
  readonly refresh: boolean;
  /** What to let pass this once, as `over-limit:acme`. */
  readonly allow: readonly string[];
  /** Archives orgs that are declared no more. */
  readonly prune: boolean;
  /** Orgs and workspaces to let go of. */
  readonly forget: readonly string[];
}

/** Makes the plan with all that its reader has to know, or prints what is wrong with the manifests and gives the exit code. */
export async function review(
  database: Database,
  options: ReviewOptions,
  terminal: Terminal,
): Promise<ShownPlan | ExitCode> {
  const asked = findProvenance(options, process.env);
  const reading = terminal.progress("Reading");
  const { dir, estate, refresh, allow, prune, forget } = options;
  const reviewed = await reviewEstate(database, {
    dir,
    estate,
    refresh,
    allow,
    prune,
    forget,
    now: new Date(),
    onProgress: reading.update,
  }).finally(reading.stop);
  if (reviewed.plan === null) return printFaults(reviewed.diagnostics, options, terminal);
  if (reviewed.faults.length > 0) throw new UsageError(reviewed.faults.join("\n"));
  const { plan, impact, keys, declaredAt, wasDeclaredAt } = reviewed;
  const { estate: chosen } = findEstate(dir, estate);
  return {
    plan,
    impact,
    keys,
    places: { declaredAt, wasDeclaredAt },
    about: {
      estate: chosen === null ? `${dir} with ${placeOf(database)}` : `estate ${chosen.name}`,
      provenance: await asked,
    },
  };
}
