import type { CommandLine } from "../command-line.ts";
import type { LoadOptions } from "../load.ts";
import { options } from "../options.ts";

export function explain({ program, terminal, run }: CommandLine): void {
  program
    .command("explain")
    .description("show every value that is in effect for an org, and where it comes from")
    .argument("<org>", "the org's slug")
    .addOption(options.dir())
    .addOption(options.estate())
    .addOption(options.json())
    .action(
      run(async (org: string, given: LoadOptions) =>
        (await import("../explain.ts")).explain(org, given, terminal),
      ),
    );
}
