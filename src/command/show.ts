import { readOrg, readOrgAt } from "../reconcile/read-org.ts";
import { orgText } from "../view/org-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { unknownOrg } from "./unknown-org.ts";
import { unknownRevision } from "./unknown-revision.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface ShowOptions extends DatabaseOptions {
  readonly json: boolean;
  /** The revision as of which to show it. */
  readonly at?: number;
}

/** Shows what the database holds of an org, or held of it at a revision. */
export async function show(org: string, options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  const { at } = options;
  return withDatabase(options, terminal, async (database) => {
    const found = at === undefined ? await readOrg(database, org) : await readOrgAt(database, org, at);
    if (!found) return unknownRevision(at as number, database);
    if (!("rows" in found)) {
      const where = `${placeOf(database)}${at === undefined ? "" : ` at revision ${at}`}`;
      return unknownOrg(org, { where, slugs: found.slugs });
    }
    const { id, slug, rows } = found;
    const data = {
      format: "tenantry/org/v1",
      org: slug,
      id,
      ...(at === undefined ? {} : { revision: at }),
      resources: rows,
    };
    terminal.out(options.json ? `${JSON.stringify(data, null, 2)}\n` : orgText(slug, rows, terminal));
    return exitCode.done;
  });
}
