import type { CommandLine } from "../command-line.ts";
import type { HistoryOptions } from "../history.ts";
import { onEstate, options } from "../options.ts";
import { wholeNumber } from "../since.ts";

export function history({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("history"))
    .description("show what was applied, by whom and from which commit; or what one revision changed")
    .argument("[revision]", "the revision whose changes to show", wholeNumber)
    .addOption(options.json())
    .option("--limit <count>", "how many revisions to show", wholeNumber, 30)
    .action(
      run(async (revision: number | undefined, given: HistoryOptions) =>
        (await import("../history.ts")).history(revision, given, terminal),
      ),
    );
}
