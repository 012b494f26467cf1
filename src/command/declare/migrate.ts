import type { CommandLine } from "../command-line.ts";
import type { MigrateOptions } from "../migrate.ts";
import { onEstate, options } from "../options.ts";

export function migrate({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("migrate"))
    .description("create or update the database's schema")
    .addOption(options.json())
    .action(run(async (given: MigrateOptions) => (await import("../migrate.ts")).migrate(given, terminal)));
}
