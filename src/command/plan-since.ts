import { canonicalTime } from "../model/value.ts";
import { planSince as planOf } from "../reconcile/plan-since.ts";
import { sinceText } from "../view/history-text.ts";
import { toldJson } from "../view/told-json.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { unknownRevision } from "./unknown-revision.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface SinceOptions extends DatabaseOptions {
  readonly json: boolean;
  readonly from: number;
  readonly detailedExitcode: boolean;
}

/** Shows what changed in the database since a revision, and who changed it. Reads no manifest. */
export async function planSince(options: SinceOptions, terminal: Terminal): Promise<ExitCode> {
  return withDatabase(options, terminal, async (database) => {
    const found = await planOf(database, options.from, canonicalTime(new Date().toISOString()));
    if (!found) return unknownRevision(options.from, database);
    const { plan, revision, byWriter } = found;
    const about = `from revision ${options.from} to revision ${revision} and what was written since, in ${placeOf(database)}`;
    const data = {
      format: "tenantry/since/v1",
      from: options.from,
      revision,
      changes: byWriter.flatMap(({ scope, by }) => toldJson([scope]).map((change) => ({ ...change, by }))),
    };
    terminal.out(options.json ? `${JSON.stringify(data, null, 2)}\n` : sinceText(about, byWriter, terminal));
    return options.detailedExitcode && plan.scopes.length > 0 ? exitCode.changes : exitCode.done;
  });
}
