import type { CommandLine } from "../command-line.ts";
import type { ExportOptions } from "../export.ts";
import { onEstate } from "../options.ts";

export function exportOrg({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("export"))
    .description("write everything that the database holds of an org, with its audit, as JSON")
    .argument("<org>", "the org's slug")
    .option("--out <file>", "a file to write, readable by its owner alone; else standard output")
    .action(
      run(async (org: string, given: ExportOptions) =>
        (await import("../export.ts")).exportData(org, given, terminal),
      ),
    );
}
