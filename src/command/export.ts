import { readSlugs } from "../database/read-actual.ts";
import { exportOrg } from "../reconcile/export-org.ts";
import { exportText, writeExport } from "../reconcile/write-export.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { unknownOrg } from "./unknown-org.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface ExportOptions extends DatabaseOptions {
  /** Standard output where none is said. */
  readonly out?: string;
}

/** Writes everything that the database holds of an org, with its audit, as JSON. */
export async function exportData(
  slug: string,
  options: ExportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withDatabase(options, terminal, async (database) => {
    const content = await exportOrg(database, slug, new Date());
    if (!content) return unknownOrg(slug, { where: placeOf(database), slugs: await readSlugs(database) });
    if (options.out === undefined) {
      terminal.out(exportText(content));
      return exitCode.done;
    }
    writeExport(options.out, content);
    const { resources, audit } = content;
    terminal.talk(
      `Wrote ${resources.length} rows and ${audit.length} events of ${slug} to ${options.out}.\n`,
    );
    return exitCode.done;
  });
}
