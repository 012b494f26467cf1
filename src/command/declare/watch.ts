import type { CommandLine } from "../command-line.ts";
import { onEstate, options, seconds } from "../options.ts";
import type { WatchOptions } from "../watch.ts";

export function watch({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("watch"))
    .description("plan again whenever a manifest changes, and look for drift; one line each time")
    .option("--apply", "apply each plan that nothing stops", false)
    .option("--interval <seconds>", "how often to look for drift; 0 for never", seconds, 60)
    .addOption(options.json())
    .addOption(options.actor())
    .addOption(options.lockTimeout())
    .action(run(async (given: WatchOptions) => (await import("../watch.ts")).watch(given, terminal)));
}
