import { nearName } from "../diagnostic/near-name.ts";
import { readOrg } from "../reconcile/read-org.ts";
import { orgText } from "../view/org-text.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface ShowOptions extends DatabaseOptions {
  readonly json: boolean;
}

/** Shows what the database holds of an org. */
export async function show(slug: string, options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  return withDatabase(options, terminal, async (database) => {
    const found = await readOrg(database, slug);
    if (!found.rows) {
      const near = nearName(slug, found.slugs);
      terminal.talk(
        `error: there is no org "${slug}" in ${placeOf(database)}.${near ? ` Did you mean "${near}"?` : ""}\n`,
      );
      return exitCode.error;
    }
    const data = { format: "tenantry/org/v1", org: slug, id: found.id, resources: found.rows };
    terminal.out(options.json ? `${JSON.stringify(data, null, 2)}\n` : orgText(slug, found.rows, terminal));
    return exitCode.done;
  });
}
