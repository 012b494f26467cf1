import { randomUUID } from "node:crypto";
import type { Database } from "../database/connect.ts";
import { writePlan } from "../database/write-plan.ts";
import { discoverManifests } from "../reconcile/discover-manifests.ts";
import { reviewEstate } from "../reconcile/review-estate.ts";
import type { Outcome } from "../view/watch-line.ts";
import { findProvenance, type ProvenanceOptions, recordedCommit } from "./find-provenance.ts";
import { readSettled } from "./read-settled.ts";

export interface CycleOptions extends ProvenanceOptions {
  /** The estate that is asked for by name. */
  readonly estate?: string | undefined;
  readonly apply: boolean;
  /** In seconds. */
  readonly lockTimeout: number;
}

/** Does its work on the database, which is open for at least as long. */
export type OnDatabase = (work: (database: Database) => Promise<Outcome>) => Promise<Outcome>;

/**
 * Reads the manifests, plans, and applies where that is asked for and nothing stops it. The database is asked for
 * once there is something to compare it with. An aborted signal ends it before it applies, and never while it does;
 * null where it ended before there was a plan.
 */
export async function watchCycle(
  options: CycleOptions,
  onDatabase: OnDatabase,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const { dir, estate } = options;
  const found = await readSettled(dir, () => discoverManifests(dir, estate), signal);
  if (found === null) return null;
  if (found.diagnostics.length > 0) return { kind: "invalid", diagnostics: found.diagnostics };
  const { actor, ...provenance } = await findProvenance(options, process.env);
  return onDatabase(async (database) => {
    const { plan, diagnostics } = await reviewEstate(database, { dir, estate, found, now: new Date() });
    if (plan === null) return { kind: "invalid", diagnostics };
    const isWanted = options.apply && plan.scopes.length > 0 && plan.findings.length === 0;
    if (!isWanted || signal.aborted) return { kind: "planned", plan };
    const { revision } = await writePlan(database, plan, {
      applyId: randomUUID(),
      actor,
      commit: recordedCommit({ actor, ...provenance }),
      lockTimeout: options.lockTimeout * 1_000,
    });
    return { kind: "applied", plan, revision };
  });
}
