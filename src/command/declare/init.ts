import type { CommandLine } from "../command-line.ts";
import { options } from "../options.ts";

export function init({ program, terminal, run }: CommandLine): void {
  program
    .command("init")
    .description("write a first catalog and a first org")
    .addOption(options.dir())
    .action(
      run(async (given: { readonly dir: string }) => (await import("../init.ts")).init(given, terminal)),
    );
}
