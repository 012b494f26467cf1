import type { CommandLine } from "../command-line.ts";
import type { IsolateOptions } from "../isolate.ts";
import { onEstate, options } from "../options.ts";

export function isolate({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("isolate"))
    .description("print the row-level security that holds the app's own tables to one org")
    .argument("<table...>", "tables with a column org_id, with or without their schema")
    .addOption(options.json())
    .option("--apply", "carry it out, in one transaction", false)
    .option("--role <name>", "whom the policies hold (default: everybody)")
    .option("--reference", "have org_id refer to the estate's orgs", false)
    .action(
      run(async (tables: readonly string[], given: IsolateOptions) =>
        (await import("../isolate.ts")).isolate(tables, given, terminal),
      ),
    );
}
