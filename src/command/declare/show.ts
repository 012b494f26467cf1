import type { CommandLine } from "../command-line.ts";
import { options } from "../options.ts";
import type { ShowOptions } from "../show.ts";

export function show({ program, terminal, run }: CommandLine): void {
  program
    .command("show")
    .description("show what the database holds of an org")
    .argument("<org>", "the org's slug")
    .addOption(options.database())
    .addOption(options.rolePrefix())
    .addOption(options.schema())
    .addOption(options.json())
    .action(
      run(async (org: string, given: ShowOptions) => (await import("../show.ts")).show(org, given, terminal)),
    );
}
