import type { CommandLine } from "../command-line.ts";
import type { MigrateOptions } from "../migrate.ts";
import { options } from "../options.ts";

export function migrate({ program, terminal, run }: CommandLine): void {
  program
    .command("migrate")
    .description("create or update the database's schema")
    .addOption(options.dir())
    .addOption(options.estate())
    .addOption(options.database())
    .addOption(options.rolePrefix())
    .addOption(options.schema())
    .addOption(options.json())
    .action(run(async (given: MigrateOptions) => (await import("../migrate.ts")).migrate(given, terminal)));
}
