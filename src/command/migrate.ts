import { migrate as migrateSchema } from "../database/migrate.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";
import { type DatabaseOptions, placeOf, withDatabase } from "./with-database.ts";

export interface MigrateOptions extends DatabaseOptions {
  readonly json: boolean;
}

/** Creates the database's schema, or brings it up to date. Running it again does nothing. */
export async function migrate(options: MigrateOptions, terminal: Terminal): Promise<ExitCode> {
  return withDatabase(options, terminal, async (database) => {
    const { applied, version, mode } = await migrateSchema(database);
    if (options.json) {
      terminal.out(`${JSON.stringify({ format: "tenantry/migrate/v1", version, mode, applied }, null, 2)}\n`);
      return exitCode.done;
    }
    const steps = applied
      .map(({ number, name }) => `  ${String(number).padStart(3, "0")}  ${name}\n`)
      .join("");
    const state = applied.length === 0 ? "is up to date" : "was brought up to date";
    terminal.out(`${steps}The schema in ${placeOf(database)} ${state}, version ${version}.\n`);
    if (mode === "single") {
      terminal.talk(
        "note: this login may not create roles, so that all work is done as one role. Isolation is weaker for it:\n" +
          "  have the roles created by somebody who may, on a fresh schema.\n",
      );
    }
    return exitCode.done;
  });
}
