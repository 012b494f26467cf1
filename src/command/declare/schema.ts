import type { CommandLine } from "../command-line.ts";
import type { SchemaKind, SchemaOptions } from "../schema.ts";

export function schema({ program, terminal, run }: CommandLine): void {
  program
    .command("schema")
    .description("print the JSON Schema of a kind of manifest, for editors, or of the data of plan")
    .addArgument(
      program
        .createArgument("[kind]", "which kind")
        .choices(["catalog", "org", "estate", "plan"])
        .default("org"),
    )
    .option("--write <directory>", "write all of them into a directory instead")
    .action(
      run(async (kind: SchemaKind, given: SchemaOptions) =>
        (await import("../schema.ts")).schema(kind, given, terminal),
      ),
    );
}
