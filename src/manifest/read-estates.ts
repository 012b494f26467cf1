import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { sortDiagnostics } from "../diagnostic/sort-diagnostics.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import { defaultRolePrefix, defaultSchema } from "../model/database-name.ts";
import { checkEstates } from "./check-shape.ts";
import { parseDocument } from "./parse-document.ts";
import { type Report, reportTo } from "./place.ts";
import type { EstateManifest } from "./schema/estate-schema.ts";

/** A database that the manifests are applied to, with what is laid over them there. */
export interface EstateDeclaration {
  readonly name: string;
  readonly description: string | null;
  /** A server's URL is only named; it stands in the environment. */
  readonly database: { readonly env: string } | { readonly directory: string };
  readonly schema: string;
  readonly rolePrefix: string;
}

export interface ReadEstates {
  readonly file: SourceFile;
  /** In the order in which they are written. */
  readonly estates: readonly EstateDeclaration[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `estate.yaml`. Estates that would share rows or rights are reported with everything else. */
export function readEstates(file: SourceFile): ReadEstates {
  const document = parseDocument(file);
  const diagnostics = [...document.diagnostics];
  const report = reportTo(diagnostics);
  const content = document.value === undefined ? null : checkEstates(file, document.value, report);
  const estates = content ? Object.entries(content.estates).map(declare) : [];
  if (content && Object.keys(content.estates).length === 0 && diagnostics.length === 0) {
    const detail = "No estate is declared here. Declare one, or delete the file.";
    report("missing-field", { file, path: ["estates"], what: "key" }, detail);
  }
  checkApart(estates, file, report);
  return { file, estates, diagnostics: sortDiagnostics(diagnostics) };
}

function declare([name, estate]: [string, EstateManifest["estates"][string]]): EstateDeclaration {
  const { description, database, schema, role_prefix } = estate;
  return {
    name,
    description: description ?? null,
    database:
      database.env === undefined ? { directory: database.directory as string } : { env: database.env },
    schema: schema ?? defaultSchema,
    rolePrefix: role_prefix ?? defaultRolePrefix,
  };
}

/** Estates in one database need schemas of their own; where the roles are one server's, roles of their own too. */
function checkApart(estates: readonly EstateDeclaration[], file: SourceFile, report: Report): void {
  const schemas = new Map<string, EstateDeclaration>();
  const prefixes = new Map<string, EstateDeclaration>();
  for (const estate of estates) {
    const place = (name: string) => ({ file, path: ["estates", name], what: "key" }) as const;
    const at = JSON.stringify(estate.database);
    const tell = (other: EstateDeclaration, what: string, field: string) =>
      report(
        "claimed-twice",
        place(estate.name),
        `"${other.name}" has the same database and the same ${what}. Give one of the two its own ${field}.`,
        [{ message: `"${other.name}" is declared`, place: place(other.name) }],
      );
    const sameSchema = schemas.get(`${at} ${estate.schema}`);
    const samePrefix = prefixes.get(`${at} ${estate.rolePrefix}`);
    if (sameSchema) tell(sameSchema, `schema, ${estate.schema}`, "schema");
    else if (samePrefix) tell(samePrefix, `role prefix, ${estate.rolePrefix}`, "role_prefix");
    schemas.set(`${at} ${estate.schema}`, sameSchema ?? estate);
    prefixes.set(`${at} ${estate.rolePrefix}`, samePrefix ?? estate);
  }
}
