import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchema, schemaFiles } from "../manifest/schema/json-schema.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export type ManifestKind = "catalog" | "org" | "estate";

export interface SchemaOptions {
  /** A directory to write all schemas into, instead of printing one. */
  readonly write?: string;
}

/** Prints or writes the JSON Schemas by which editors complete and check manifests. */
export async function schema(
  kind: ManifestKind,
  options: SchemaOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.write === undefined) {
    terminal.out(schemaText(`${kind}.schema.json`));
    return exitCode.done;
  }
  mkdirSync(options.write, { recursive: true });
  for (const file of Object.keys(schemaFiles) as (keyof typeof schemaFiles)[]) {
    writeFileSync(join(options.write, file), schemaText(file));
    terminal.talk(`Wrote ${join(options.write, file)}\n`);
  }
  return exitCode.done;
}

/** A schema file as it stands on disk. */
export function schemaText(file: keyof typeof schemaFiles): string {
  return `${JSON.stringify(jsonSchema(file), null, 2)}\n`;
}
