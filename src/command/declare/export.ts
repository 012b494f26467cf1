import type { CommandLine } from "../command-line.ts";
import type { ExportOptions } from "../export.ts";
import { options } from "../options.ts";

export function exportOrg({ program, terminal, run }: CommandLine): void {
  program
    .command("export")
    .description("write everything that the database holds of an org, with its audit, as JSON")
    .argument("<org>", "the org's slug")
    .addOption(options.dir())
    .addOption(options.estate())
    .addOption(options.database())
    .addOption(options.rolePrefix())
    .addOption(options.schema())
    .option("--out <file>", "a file to write, readable by its owner alone; else standard output")
    .action(
      run(async (org: string, given: ExportOptions) =>
        (await import("../export.ts")).exportData(org, given, terminal),
      ),
    );
}
