import type { CommandLine } from "../command-line.ts";
import type { DoctorOptions } from "../doctor.ts";
import { onEstate, options } from "../options.ts";

export function doctor({ program, terminal, run }: CommandLine): void {
  onEstate(program.command("doctor"))
    .description("look through the database, the app's tables too, for the known leaks between tenants")
    .addOption(options.json())
    .option("--within <schema>", "look at tables of this schema only (may be repeated)", listed, [])
    .option(
      "--accept <id or id:where>",
      "leave out a finding that is known and meant (may be repeated)",
      listed,
      [],
    )
    .action(run(async (given: DoctorOptions) => (await import("../doctor.ts")).doctor(given, terminal)));
}

function listed(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
