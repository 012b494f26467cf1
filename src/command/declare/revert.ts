import type { CommandLine } from "../command-line.ts";
import { onEstate, options } from "../options.ts";
import type { RevertOptions } from "../revert.ts";
import { wholeNumber } from "../since.ts";

export function revert({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("revert"))
    .description("take back what a revision did, and only that: show the plan, ask, and make it so")
    .argument("<revision>", "the revision to take back", wholeNumber)
    .addOption(options.json())
    .addOption(options.actor())
    .addOption(options.lockTimeout())
    .addOption(options.yes())
    .addOption(options.allow())
    .addOption(options.exportDir())
    .option("--patch", "show the edits of the manifests without which the next apply would undo it", false)
    .option("--write", "with --patch: make these edits", false)
    .action(
      run(async (revision: number, given: RevertOptions) =>
        (await import("../revert.ts")).revert(revision, given, terminal),
      ),
    );
}
