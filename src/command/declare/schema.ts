import type { CommandLine } from "../command-line.ts";
import type { ManifestKind, SchemaOptions } from "../schema.ts";

export function schema({ program, terminal, run }: CommandLine): void {
  program
    .command("schema")
    .description("print the JSON Schema of a kind of manifest, for editors")
    .addArgument(
      program.createArgument("[kind]", "which kind").choices(["catalog", "org", "estate"]).default("org"),
    )
    .option("--write <directory>", "write all of them into a directory instead")
    .action(
      run(async (kind: ManifestKind, given: SchemaOptions) =>
        (await import("../schema.ts")).schema(kind, given, terminal),
      ),
    );
}
