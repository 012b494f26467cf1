import type { CommandLine } from "../command-line.ts";
import { options } from "../options.ts";
import type { SchemaKind, SchemaOptions } from "../schema.ts";

export function schema({ program, terminal, run }: CommandLine): void {
  program
    .command("schema")
    .description(
      "print the JSON Schema of a kind of manifest, for editors, or of the data of plan; or the catalog's names as types, for apps",
    )
    .addArgument(
      program
        .createArgument("[kind]", "which kind")
        .choices(["catalog", "org", "estate", "plan"])
        .default("org"),
    )
    .option("--write <directory>", "write all of them into a directory instead")
    .option(
      "--types [file]",
      "print the catalog's names as TypeScript for tenantry/client, or write them into a file",
    )
    .addOption(options.dir())
    .addOption(options.estate())
    .action(
      run(async (kind: SchemaKind, given: SchemaOptions) =>
        (await import("../schema.ts")).schema(kind, given, terminal),
      ),
    );
}
