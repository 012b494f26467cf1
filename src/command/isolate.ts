import { isolateTables } from "../database/isolate/isolate-tables.ts";
import { isolationSql } from "../view/isolation-sql.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface IsolateOptions extends DatabaseOptions {
  readonly json: boolean;
  readonly apply: boolean;
  readonly reference: boolean;
  readonly role?: string;
}

/** Prints the row-level security that holds the app's tables to one org, or carries it out. */
export async function isolate(
  tables: readonly string[],
  options: IsolateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return withDatabase({ ...options, mustExist: true }, terminal, async (database) => {
    const isolations = await isolateTables(database, tables, options);
    const isDue = isolations.some(({ steps }) => steps.length > 0);
    if (options.json) {
      const data = { format: "tenantry/isolate/v1", applied: options.apply && isDue, tables: isolations };
      terminal.out(`${JSON.stringify(data, null, 2)}\n`);
      return exitCode.done;
    }
    terminal.out(isolationSql(isolations));
    if (isDue) {
      terminal.talk(
        options.apply
          ? `Done in ${placeOf(database)}.\n`
          : "Nothing was changed. Run it with psql as the tables' owner, or with --apply.\n",
      );
    }
    return exitCode.done;
  });
}
