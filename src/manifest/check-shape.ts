import type * as z from "zod";
import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { nearName } from "../diagnostic/near-name.ts";
import { quoted } from "../diagnostic/quoted.ts";
import type { SourceFile } from "../diagnostic/span.ts";
import type { Path } from "../model/state.ts";
import type { Value } from "../model/value.ts";
import { apiVersion } from "./api-version.ts";
import type { Place, Report } from "./place.ts";
import { type CatalogManifest, catalogSchema } from "./schema/catalog-schema.ts";
import { type EstateManifest, estateSchema } from "./schema/estate-schema.ts";
import { descriptionAt, fieldsAt, placesOfField, wordsAt } from "./schema/fields-at.ts";
import { type OrgManifest, orgSchema } from "./schema/org-schema.ts";

/** A file whose fields all have the right form. What they refer to is not looked at yet. */
export type Manifest = CheckedManifest<"catalog", CatalogManifest> | CheckedManifest<"org", OrgManifest>;

interface CheckedManifest<K extends string, M> {
  readonly kind: K;
  readonly file: SourceFile;
  readonly content: M;
  /** `section/name` of entries that were left out because of an error: their names still count as declared. */
  readonly broken: ReadonlySet<string>;
}

type Entries = { readonly [name: string]: Value };

/**
 * Checks a document against the schema of its kind. Entries with problems are reported and left out,
 * so that the rest can still be resolved; null where nothing is left to work with.
 */
export function checkShape(file: SourceFile, value: Value, report: Report): Manifest | null {
  const at = (path: Path, what: "key" | "value" = "value") => ({ file, path, what });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report("wrong-type", at([]), "A manifest is a map that begins with apiVersion and org or catalog.");
    return null;
  }
  const entries = value as Entries;
  checkVersion(file, entries, report);
  const isOrg = Object.hasOwn(entries, "org");
  if (isOrg !== Object.hasOwn(entries, "catalog"))
    return isOrg ? checkOrg(file, entries, report) : checkCatalog(file, entries, report);
  if (isOrg) {
    const detail = "This file names both an org and a catalog. Write them as two files.";
    report("unknown-kind", at(["org"], "key"), detail, [
      { message: "the catalog is named", place: at(["catalog"], "key") },
    ]);
  } else {
    const detail = Object.hasOwn(entries, "estates")
      ? "Estates are declared in one file, estate.yaml, at the top of the manifests' directory."
      : "The second line says what a file is: org: <slug>, or catalog: <name>.";
    const slip = Object.keys(entries).find((key) => nearName(key, ["org", "catalog"]) !== undefined);
    const help = slip === undefined ? "" : ` Did you mean "${nearName(slip, ["org", "catalog"])}"?`;
    report("unknown-kind", slip === undefined ? at([]) : at([slip], "key"), detail + help);
  }
  return null;
}

/** Checks `estate.yaml`, which is known by its place; null where nothing is left to work with. */
export function checkEstates(file: SourceFile, value: Value, report: Report): EstateManifest | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const detail = "estate.yaml is a map that begins with apiVersion and estates.";
    report("wrong-type", { file, path: [], what: "value" }, detail);
    return null;
  }
  checkVersion(file, value as Entries, report);
  return check(estateSchema, file, value as Entries, report)?.content ?? null;
}

function checkVersion(file: SourceFile, entries: Entries, report: Report): void {
  if (entries.apiVersion === apiVersion) return;
  const written =
    entries.apiVersion === undefined ? "is missing" : "is not one that this version of tenantry reads";
  report(
    "unknown-api-version",
    { file, path: entries.apiVersion === undefined ? [] : ["apiVersion"], what: "value" },
    `apiVersion ${written}. Write apiVersion: ${apiVersion} as the first line.`,
  );
}

function checkCatalog(file: SourceFile, entries: Entries, report: Report): Manifest | null {
  const checked = check(catalogSchema, file, entries, report);
  return checked && { kind: "catalog", file, ...checked };
}

function checkOrg(file: SourceFile, entries: Entries, report: Report): Manifest | null {
  const checked = check(orgSchema, file, entries, report);
  if (!checked) return null;
  const stem = file.path.slice(file.path.lastIndexOf("/") + 1).replace(/\.ya?ml$/i, "");
  if (stem !== checked.content.org) {
    report(
      "file-name",
      { file, path: ["org"], what: "value" },
      `The file is called "${stem}", the org "${checked.content.org}". Rename one of them.`,
    );
  }
  return { kind: "org", file, ...checked };
}

function check<S extends z.ZodType>(schema: S, file: SourceFile, written: Entries, report: Report) {
  // What the first line says was looked at, and told of, before.
  const entries = { ...written, apiVersion };
  const first = schema.safeParse(entries);
  if (first.success) return { content: first.data, broken: new Set<string>() };
  for (const issue of first.error.issues) reportIssue(issue, schema, file, entries, report);
  const broken = new Set<string>();
  const rest = withoutBroken(entries, first.error.issues, broken);
  const fields = fieldsAt(schema, []);
  for (const name of Object.keys(entries)) {
    // A misspelt section is left out; what it declares still counts as declared.
    const meant = fields.includes(name) ? undefined : nearName(name, fields);
    if (meant !== undefined) broken.add(meant);
  }
  const second = schema.safeParse(rest);
  return second.success ? { content: second.data, broken } : null;
}

/** The document less the entries that have issues: a named entry of a section, or else a field. */
function withoutBroken(entries: Entries, issues: readonly z.core.$ZodIssue[], broken: Set<string>): Entries {
  const rest: Record<string, Value> = { ...entries };
  const drop = (section: string, entry: PropertyKey | undefined) => {
    const content = rest[section];
    if (entry === undefined || typeof content !== "object" || content === null) {
      broken.add(section);
      delete rest[section];
    } else if (section === "tests" && typeof entry === "number") {
      broken.add(`tests/${entry}`);
    } else if (Array.isArray(content)) {
      // A list's order and length carry meaning, so that it is left out whole.
      broken.add(section);
      delete rest[section];
    } else {
      broken.add(`${section}/${String(entry)}`);
      const { [String(entry)]: _dropped, ...kept } = content as Entries;
      rest[section] = kept;
    }
  };
  const places = issues.flatMap(({ path, ...issue }): PropertyKey[][] =>
    issue.code === "unrecognized_keys" && path.length < 2 ? issue.keys.map((key) => [...path, key]) : [path],
  );
  for (const [section, entry] of places) if (section !== undefined) drop(String(section), entry);
  // What a name was meant to be is not known, and may be what something else refers to.
  for (const { code, path } of issues)
    if (code === "invalid_key" && path.length === 2) broken.add(String(path[0]));
  if (Array.isArray(rest.tests)) rest.tests = rest.tests.filter((_, index) => !broken.has(`tests/${index}`));
  return rest;
}

function reportIssue(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  file: SourceFile,
  entries: Entries,
  report: Report,
): void {
  const path = issue.path as Path;
  const at = (what: "key" | "value", more: Path = []) => ({ file, path: [...path, ...more], what });
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys)
      report(
        "unknown-field",
        at("key", [key]),
        `"${key}" is not a field here. ${fieldHelp(schema, path, key)}`,
      );
  } else if (issue.code === "invalid_key") {
    const inner = issue.issues[0];
    report(codeOf(inner), at("key"), inner?.message ?? issue.message);
  } else if (valueAt(entries, path) === null) {
    // A null stands where the document already had a problem, which has been told.
    return;
  } else if (valueAt(entries, path) === undefined) {
    const field = String(path.at(-1));
    const said = descriptionAt(schema, path);
    const what = said === undefined ? "" : `: ${said[0]?.toLowerCase()}${said.slice(1)}`;
    report(
      "missing-field",
      { file, path: path.slice(0, -1), what: "key" },
      `"${field}" has to be written here${what}.`,
    );
  } else if (issue.code === "invalid_type") {
    reportType(valueAt(entries, path) as Value, issue, schema, at("value"), report);
  } else {
    report(codeOf(issue), at("value"), issue.message);
  }
}

/** The field that was meant, or where this one belongs, or what there is. */
function fieldHelp(schema: z.ZodType, path: Path, key: string): string {
  const known = fieldsAt(schema, path);
  const near = nearName(key, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  const places = placesOfField(schema, key);
  if (places.length > 0 && places.length <= 3) return `It belongs to ${places.join(" or ")}.`;
  return known.length <= 12 ? `Known here: ${known.join(", ")}.` : "See tenantry schema for what is.";
}

const typeWords: { readonly [type: string]: string } = { boolean: "switch" };

/** A list or a map is expected, and something else stands there. */
function reportType(
  written: Value,
  issue: z.core.$ZodIssueInvalidType,
  schema: z.ZodType,
  place: Place,
  report: Report,
): void {
  const words = wordsAt(schema, place.path);
  if (typeof written === "string" && words.length > 0) {
    const near = nearName(written, words);
    const help = near === undefined ? "" : ` Did you mean "${near}"?`;
    report("not-one-of", place, `${quoted(written)} is not one of ${words.join(", ")}.${help}`);
    return;
  }
  const fields = fieldsAt(schema, place.path);
  const some = fields.length > 4 ? [...fields.slice(0, 4), "…"] : fields;
  const map = fields.length === 0 ? "a map from names" : `a map of fields (${some.join(", ")})`;
  const expected = issue.expected === "array" ? "a list" : map;
  const type = Array.isArray(written) ? "list" : typeof written;
  // What stands there may be a secret: its type is enough.
  const found = type === "string" ? "text" : type === "object" ? "a map" : `a ${typeWords[type] ?? type}`;
  report("wrong-type", place, `Expected ${expected}, found ${found}.`);
}

function codeOf(issue: z.core.$ZodIssue | undefined): DiagnosticCode {
  const params = issue?.code === "custom" ? (issue.params as { readonly code?: DiagnosticCode }) : undefined;
  return params?.code ?? "wrong-type";
}

/** The value at a path through the long forms; what a short form leaves out counts as the short form itself. */
function valueAt(value: Value | undefined, path: Path): Value | undefined {
  let here = value;
  for (const [index, step] of path.entries()) {
    if (typeof here !== "object" || here === null) return here;
    if (Array.isArray(here) !== (typeof step === "number")) continue;
    const next = Array.isArray(here) ? here[step as number] : (here as Entries)[step];
    if (next === undefined && index < path.length - 1) return here;
    here = next;
  }
  return here;
}
