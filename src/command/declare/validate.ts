import type { CommandLine } from "../command-line.ts";
import type { LoadOptions } from "../load.ts";
import { options } from "../options.ts";

export function validate({ program, terminal, run }: CommandLine): void {
  program
    .command("validate")
    .description("check all manifests and run the catalog's tests, without a database")
    .addOption(options.dir())
    .addOption(options.estate())
    .addOption(options.json())
    .action(run(async (given: LoadOptions) => (await import("../validate.ts")).validate(given, terminal)));
}
