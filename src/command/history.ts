import { readHistory } from "../database/read-history.ts";
import { planOfRevision } from "../reconcile/plan-of-revision.ts";
import { historyText, revisionText } from "../view/history-text.ts";
import { toldJson } from "../view/told-json.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { unknownRevision } from "./unknown-revision.ts";
import { type DatabaseOptions, withDatabase } from "./with-database.ts";

export interface HistoryOptions extends DatabaseOptions {
  readonly json: boolean;
  /** The newest so many. */
  readonly limit: number;
}

/** Shows the revisions, newest first; or what one of them changed. */
export async function history(
  revision: number | undefined,
  options: HistoryOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withDatabase(options, terminal, async (database) => {
    if (revision === undefined) {
      const revisions = await readHistory(database, { limit: options.limit });
      if (options.json) {
        terminal.out(`${JSON.stringify({ format: "tenantry/history/v1", revisions }, null, 2)}\n`);
      } else if (revisions.length === 0) terminal.out("Nothing was applied yet.\n");
      else terminal.out(historyText(revisions, terminal));
      return exitCode.done;
    }
    const found = await planOfRevision(database, revision);
    if (!found) return unknownRevision(revision, database);
    const data = { format: "tenantry/revision/v1", ...found.revision, changes: toldJson(found.plan.scopes) };
    terminal.out(
      options.json
        ? `${JSON.stringify(data, null, 2)}\n`
        : revisionText(found.revision, found.plan.scopes, terminal),
    );
    return exitCode.done;
  });
}
