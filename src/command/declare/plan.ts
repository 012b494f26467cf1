import type { CommandLine } from "../command-line.ts";
import { options } from "../options.ts";
import type { PlanOptions } from "../plan.ts";

export function plan({ program, terminal, run }: CommandLine): void {
  program
    .command("plan")
    .description("show what would change in the database")
    .addOption(options.dir())
    .addOption(options.database())
    .addOption(options.rolePrefix())
    .addOption(options.schema())
    .addOption(options.json())
    .addOption(options.commit())
    .addOption(options.actor())
    .option("--detailed-exitcode", "exit with 2 where there are changes", false)
    .action(run(async (given: PlanOptions) => (await import("../plan.ts")).plan(given, terminal)));
}
