import { existsSync } from "node:fs";
import { findEstate } from "../reconcile/find-estate.ts";
import { isFault } from "../reconcile/judged-by-brakes.ts";
import { loadManifests } from "../reconcile/load-manifests.ts";
import { estateDatabase } from "./estate-database.ts";
import type { ExitCode } from "./exit-code.ts";
import { printFaults } from "./print-faults.ts";
import type { Terminal } from "./terminal.ts";
import type { DatabaseOptions } from "./with-database.ts";

/**
 * Where an embedded database would have to be made first, checks that there is something right to put into it;
 * else null: then only what changed since is read, with the database.
 */
export function checkFirst(
  options: DatabaseOptions & { readonly json: boolean },
  terminal: Terminal,
): ExitCode | null {
  const { estate, diagnostics } = findEstate(options.dir, options.estate);
  if (diagnostics.length > 0) return null;
  const { url, directory = ".tenantry" } = estateDatabase(options, estate, process.env);
  if (url !== undefined || existsSync(directory)) return null;
  const loaded = loadManifests(options.dir, { now: new Date(), estate: options.estate });
  const faults = loaded.diagnostics.filter(isFault);
  return faults.length > 0 ? printFaults(faults, options, terminal) : null;
}
