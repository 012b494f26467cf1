import { planEstate } from "../reconcile/plan-estate.ts";
import { planJson } from "../view/plan-json.ts";
import { planText } from "../view/plan-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findProvenance, type ProvenanceOptions } from "./find-provenance.ts";
import { type LoadOptions, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface PlanOptions extends LoadOptions, DatabaseOptions, ProvenanceOptions {
  readonly detailedExitcode: boolean;
}

/** Shows what would change, and changes nothing. */
export async function plan(options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  const loaded = load(options, terminal);
  if (typeof loaded === "number") return loaded;
  return withDatabase(options, terminal, async (database) => {
    const reading = terminal.progress("Reading the database");
    const made = await planEstate(database, loaded.desired, new Date(), {
      onProgress: reading.update,
    }).finally(reading.stop);
    const about = {
      estate: `${options.dir} with ${placeOf(database)}`,
      provenance: await findProvenance(options, process.env),
    };
    const { declaredAt } = loaded;
    terminal.out(
      options.json
        ? `${JSON.stringify(planJson(made, declaredAt), null, 2)}\n`
        : planText(made, { colour: terminal.colour, width: terminal.width, declaredAt, about }),
    );
    if (made.findings.length > 0) return exitCode.refused;
    return options.detailedExitcode && made.scopes.length > 0 ? exitCode.changes : exitCode.done;
  });
}
