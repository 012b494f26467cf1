import { Option } from "commander";
import type { CommandLine } from "../command-line.ts";
import { onEstate, options } from "../options.ts";
import type { PlanOptions } from "../plan.ts";
import type { SinceOptions } from "../plan-since.ts";
import { wholeNumber } from "../since.ts";

export function plan({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("plan"))
    .description("show what would change in the database")
    .addOption(options.json())
    .addOption(options.commit())
    .addOption(options.actor())
    .option("--from <revision>", "what changed in the database since that revision, and by whom", wholeNumber)
    .option("--markdown [file]", "print a comment for a pull request, or write it to a file")
    .option("--sql [file]", "print the change as SQL for psql, or write it to a file")
    .option("--verify", "try the change on the database's own constraints, and take it back", false)
    .addOption(
      new Option("--impact <extent>", "how many names to tell of what it decides")
        .choices(["short", "full"])
        .default("short"),
    )
    .option("--drift-only", "show only what something else changed; exit with 2 where there is any", false)
    .addOption(options.refresh())
    .addOption(options.allow())
    .addOption(options.prune())
    .addOption(options.forget())
    .option("--out <file>", "save the plan, to be applied later as it is")
    .option("--detailed-exitcode", "exit with 2 where there are changes", false)
    .action(
      run(async (given: PlanOptions | SinceOptions) =>
        "from" in given
          ? (await import("../plan-since.ts")).planSince(given, terminal)
          : (await import("../plan.ts")).plan(given, terminal),
      ),
    );
}
