import type { SourceFile } from "../diagnostic/span.ts";
import type { Path } from "../model/state.ts";
import { layOverCatalog } from "./lay-over-catalog.ts";
import type { Place, Report } from "./place.ts";
import { type CatalogManifest, type CatalogTestManifest, namedSections } from "./schema/catalog-schema.ts";

/** The catalog's sections of named entries. */
export type NamedSection = keyof typeof namedSections;

type EntryOf<S extends NamedSection> = S extends "attributes"
  ? NonNullable<CatalogManifest["attributes"]>[string][string]
  : NonNullable<CatalogManifest[S]>[string];

/** An entry of the catalog, and where its declaration stands. */
export interface Entry<T> {
  readonly value: T;
  readonly file: SourceFile;
  readonly path: Path;
}

/** All catalog files as one. Attributes go by `org.region`, everything else by its name. */
export interface MergedCatalog {
  readonly name: string;
  readonly description: string | undefined;
  /** The file that stands for the catalog as a whole. */
  readonly file: SourceFile;
  readonly sections: { readonly [S in NamedSection]: ReadonlyMap<string, Entry<EntryOf<S>>> };
  readonly products: Entry<readonly string[]> | null;
  readonly guards: Entry<NonNullable<CatalogManifest["guards"]>> | null;
  readonly policy: Entry<NonNullable<CatalogManifest["policy"]>> | null;
  readonly tests: readonly Entry<CatalogTestManifest>[];
  /** The sections that some file writes. */
  readonly written: ReadonlySet<string>;
}

export interface CatalogFile {
  readonly file: SourceFile;
  readonly content: CatalogManifest;
  /** `tests/2` and the like: what was left out because of an error. */
  readonly broken: ReadonlySet<string>;
}

/**
 * Lays the catalog's files beside each other, and those of an estate's overlay over them. What two files of one layer
 * declare is an error that shows both.
 */
export function mergeCatalogs(
  files: readonly [CatalogFile, ...CatalogFile[]],
  report: Report,
): MergedCatalog {
  checkNames(files, report);
  const [common, ...more] = files.filter(({ file }) => file.overlay === undefined);
  const [above, ...others] = files.filter(({ file }) => file.overlay !== undefined);
  const overlay = above && layBeside([above, ...others], report);
  if (!common) return overlay ?? layBeside(files, report);
  const merged = layBeside([common, ...more], report);
  return overlay ? layOverCatalog(merged, overlay) : merged;
}

function checkNames(files: readonly [CatalogFile, ...CatalogFile[]], report: Report): void {
  const [first] = files;
  for (const { file, content } of files) {
    if (content.catalog === first.content.catalog) continue;
    report(
      "claimed-twice",
      placeOf(file, ["catalog"]),
      `An estate has one catalog, and all its files name it alike: "${content.catalog}" or "${first.content.catalog}".`,
      [{ message: `"${first.content.catalog}" is named`, place: placeOf(first.file, ["catalog"]) }],
    );
  }
}

function layBeside(files: readonly [CatalogFile, ...CatalogFile[]], report: Report): MergedCatalog {
  const [first] = files;
  const whole = <S extends "products" | "guards" | "policy">(section: S) => onlyOne(files, section, report);
  return {
    name: first.content.catalog,
    description: files.find(({ content }) => content.description !== undefined)?.content.description,
    file: first.file,
    sections: mergeSections(files, report),
    products: whole("products"),
    guards: whole("guards"),
    policy: whole("policy"),
    tests: files.flatMap(testsOf),
    written: new Set(files.flatMap(({ content }) => Object.keys(content))),
  };
}

/** Tests with the places that they have in the file, where some may be left out. */
function testsOf({ file, content, broken }: CatalogFile): Entry<CatalogTestManifest>[] {
  let index = -1;
  return (content.tests ?? []).map((value) => {
    do index++;
    while (broken.has(`tests/${index}`));
    return { value, file, path: ["tests", index] };
  });
}

const placeOf = (file: SourceFile, path: Path, what: "key" | "value" = "value"): Place => ({
  file,
  path,
  what,
});

function mergeSections(files: readonly CatalogFile[], report: Report): MergedCatalog["sections"] {
  const merged = Object.fromEntries(
    (Object.keys(namedSections) as NamedSection[]).map((section) => {
      const entries = new Map<string, Entry<unknown>>();
      for (const { file, content } of files) {
        for (const [name, path, value] of entriesOf(content, section)) {
          const earlier = entries.get(name);
          if (earlier) {
            report(
              "duplicate-key",
              placeOf(file, path, "key"),
              `"${name}" is declared in two files. Keep one of the two, or rename one.`,
              [{ message: "first declared", place: placeOf(earlier.file, earlier.path, "key") }],
            );
          } else {
            entries.set(name, { value, file, path });
          }
        }
      }
      return [section, entries];
    }),
  );
  // Each section's entries come from that section's schema; the loop over sections loses which.
  return merged as unknown as MergedCatalog["sections"];
}

function* entriesOf(content: CatalogManifest, section: NamedSection): Generator<[string, Path, unknown]> {
  if (section === "attributes") {
    for (const [subject, attributes] of Object.entries(content.attributes ?? {})) {
      for (const [name, value] of Object.entries(attributes)) {
        yield [`${subject}.${name}`, [section, subject, name], value];
      }
    }
  } else {
    for (const [name, value] of Object.entries(content[section] ?? {})) yield [name, [section, name], value];
  }
}

function onlyOne<S extends "products" | "guards" | "policy">(
  files: readonly CatalogFile[],
  section: S,
  report: Report,
): Entry<NonNullable<CatalogManifest[S]>> | null {
  const written = files.flatMap(({ file, content }) => {
    const value = content[section];
    return value === undefined
      ? []
      : [{ file, path: [section], value: value as NonNullable<CatalogManifest[S]> }];
  });
  const [first, ...others] = written;
  for (const other of others) {
    report(
      "duplicate-key",
      placeOf(other.file, [section], "key"),
      `"${section}" stands in two files. Write it in one.`,
      [{ message: "first written", place: placeOf((first as typeof other).file, [section], "key") }],
    );
  }
  return first ?? null;
}
