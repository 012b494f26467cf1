import { createHash, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { writePlan } from "../database/write-plan.ts";
import { discover } from "../manifest/discover.ts";
import { type LoadedManifests, loadManifests } from "../reconcile/load-manifests.ts";
import { planEstate } from "../reconcile/plan-estate.ts";
import type { Outcome } from "../view/watch-line.ts";
import { findProvenance, type ProvenanceOptions, recordedCommit } from "./find-provenance.ts";
import type { Terminal } from "./terminal.ts";
import { type DatabaseOptions, withDatabase } from "./with-database.ts";

export interface CycleOptions extends DatabaseOptions, ProvenanceOptions {
  readonly apply: boolean;
  /** In seconds. */
  readonly lockTimeout: number;
}

/**
 * Reads the manifests, plans, and applies where that is asked for and nothing stops it. The database is open
 * for that long only, so that other commands get at an embedded one. An aborted signal ends it before it
 * applies, and never while it does; null where it ended before there was a plan.
 */
export async function watchCycle(
  options: CycleOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const loaded = await readSettled(options.dir, signal);
  if (loaded === null) return null;
  if (loaded.diagnostics.length > 0) return { kind: "invalid", diagnostics: loaded.diagnostics };
  const { actor, ...provenance } = await findProvenance(options, process.env);
  return withDatabase(options, terminal, async (database) => {
    const plan = await planEstate(database, loaded.desired, new Date());
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

/** How long the manifests must have stayed as they are, in milliseconds: half a file is often a valid one. */
const settling = 300;

/** Reads the manifests once nobody writes any; null where the signal was aborted first. */
async function readSettled(directory: string, signal: AbortSignal): Promise<LoadedManifests | null> {
  while (!signal.aborted) {
    const before = digestOf(directory);
    await setTimeout(settling, undefined, { signal }).catch(() => {});
    if (signal.aborted || digestOf(directory) !== before) continue;
    const loaded = loadManifests(directory, { now: new Date() });
    // What was read in between may be neither what stood there before nor what stands there now.
    if (digestOf(directory) === before) return loaded;
  }
  return null;
}

function digestOf(directory: string): string {
  const { files, diagnostics } = discover(directory);
  const hash = createHash("sha256");
  for (const { path, text } of files) hash.update(`${path}\0${text}\0`);
  return hash.update(JSON.stringify(diagnostics.map(({ detail }) => detail))).digest("hex");
}
