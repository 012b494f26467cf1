import type { CommandLine } from "../command-line.ts";
import { onEstate, options } from "../options.ts";
import type { ShowOptions } from "../show.ts";
import { wholeNumber } from "../since.ts";

export function show({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("show"))
    .description("show what the database holds of an org")
    .argument("<org>", "the org's slug")
    .addOption(options.json())
    .option("--at <revision>", "as it was when that revision was made", wholeNumber)
    .action(
      run(async (org: string, given: ShowOptions) => (await import("../show.ts")).show(org, given, terminal)),
    );
}
