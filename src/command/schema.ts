import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { jsonSchema, schemaFiles } from "../manifest/schema/json-schema.ts";
import { catalogTypes } from "../view/catalog-types.ts";
import { planSchema } from "../view/plan-schema.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** What has a schema: the kinds of manifest, and the data that `plan --json` prints. */
export type SchemaKind = "catalog" | "org" | "estate" | "plan";

export interface SchemaOptions {
  /** A directory to write all schemas into, instead of printing one. */
  readonly write?: string;
  /** The catalog's names as TypeScript instead, into a file, or printed where none is named. */
  readonly types?: string | true;
  readonly dir: string;
  readonly estate?: string | undefined;
}

/**
 * Prints or writes the JSON Schemas by which editors complete and check manifests, and programs read plans; or the types by
 * which compilers check what apps ask.
 */
export async function schema(
  kind: SchemaKind,
  options: SchemaOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.types !== undefined) return writeTypes(options.types, options, terminal);
  if (options.write === undefined) {
    terminal.out(schemaText(`${kind}.schema.json`));
    return exitCode.done;
  }
  mkdirSync(options.write, { recursive: true });
  for (const file of schemaNames) {
    writeFileSync(join(options.write, file), schemaText(file));
    terminal.talk(`Wrote ${join(options.write, file)}\n`);
  }
  return exitCode.done;
}

function writeTypes(file: string | true, options: SchemaOptions, terminal: Terminal): ExitCode {
  const loaded = load({ dir: options.dir, estate: options.estate, json: false }, terminal);
  if (typeof loaded === "number") return loaded;
  const types = catalogTypes(loaded.desired.catalog.resources);
  if (file === true) terminal.out(types);
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, types);
    terminal.talk(`Wrote ${file}\n`);
  }
  return exitCode.done;
}

/** All schemas, as their files are named. */
export const schemaNames = [
  ...(Object.keys(schemaFiles) as (keyof typeof schemaFiles)[]),
  "plan.schema.json",
] as const;

/** A schema file as it stands on disk. */
export function schemaText(file: (typeof schemaNames)[number]): string {
  const schema = file === "plan.schema.json" ? z.toJSONSchema(planSchema) : jsonSchema(file);
  return `${JSON.stringify(schema, null, 2)}\n`;
}
