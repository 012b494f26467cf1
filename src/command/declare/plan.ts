import type { CommandLine } from "../command-line.ts";
import { options } from "../options.ts";
import type { PlanOptions } from "../plan.ts";
import type { SinceOptions } from "../plan-since.ts";
import { wholeNumber } from "../since.ts";

export function plan({ program, terminal, run }: CommandLine): void {
  program
    .command("plan")
    .description("show what would change in the database")
    .addOption(options.dir())
    .addOption(options.estate())
    .addOption(options.database())
    .addOption(options.rolePrefix())
    .addOption(options.schema())
    .addOption(options.json())
    .addOption(options.commit())
    .addOption(options.actor())
    .option("--from <revision>", "what changed in the database since that revision, and by whom", wholeNumber)
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
