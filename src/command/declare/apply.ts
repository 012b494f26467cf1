import type { ApplyOptions } from "../apply.ts";
import type { CommandLine } from "../command-line.ts";
import { options } from "../options.ts";

export function apply({ program, terminal, run }: CommandLine): void {
  program
    .command("apply")
    .description("show the plan, ask, and make it so in one transaction")
    .addOption(options.dir())
    .addOption(options.estate())
    .addOption(options.database())
    .addOption(options.rolePrefix())
    .addOption(options.schema())
    .addOption(options.json())
    .addOption(options.commit())
    .addOption(options.actor())
    .addOption(options.lockTimeout())
    .addOption(options.yes())
    .action(run(async (given: ApplyOptions) => (await import("../apply.ts")).apply(given, terminal)));
}
