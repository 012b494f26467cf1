import { InvalidArgumentError } from "commander";
import type { ApplyOptions } from "../apply.ts";
import type { CommandLine } from "../command-line.ts";
import { onEstate, options } from "../options.ts";

export function apply({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("apply"))
    .description("show the plan, ask, and make it so in one transaction")
    .argument("[file]", "a plan that `plan --out` saved, to be applied as it is")
    .addOption(options.json())
    .addOption(options.commit())
    .addOption(options.actor())
    .addOption(options.refresh())
    .addOption(options.allow())
    .addOption(options.prune())
    .addOption(options.forget())
    .addOption(options.exportDir())
    .addOption(options.lockTimeout())
    .addOption(options.yes())
    .option("--apply-id <id>", "the id of an apply whose outcome is unknown: finds out first", applyId)
    .action(
      run(async (file: string | undefined, given: ApplyOptions) =>
        file === undefined
          ? (await import("../apply.ts")).apply(given, terminal)
          : (await import("../apply-saved.ts")).applySaved(file, given, terminal),
      ),
    );
}

function applyId(text: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw new InvalidArgumentError("An apply's id is a UUID, as the message names it.");
}
