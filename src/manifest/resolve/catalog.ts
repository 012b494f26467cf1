import type { MergedCatalog, NamedSection } from "../merge-catalogs.ts";
import type { Place } from "../place.ts";
import type { Declared } from "./declared.ts";
import { declareFlag, type FlagDeclaration } from "./flags.ts";
import { declaredVersions } from "./plans.ts";
import type { AttributeDeclaration, FeatureDeclaration } from "./values.ts";

/** What the catalog declares, as the rest of the manifests refers to it. */
export interface Catalog {
  readonly merged: MergedCatalog;
  /** A file of it could not be read, so that nothing can be said to be undeclared. */
  readonly isIncomplete: boolean;
  readonly declared: (section: NamedSection | "products") => Declared;
  /** Something of a section is in error, so that nothing can be said to be missing from it. */
  readonly isBroken: (section: NamedSection) => boolean;
  /** By `org.region`. */
  readonly attributes: ReadonlyMap<string, AttributeDeclaration>;
  /** By type of resource. */
  readonly permissions: ReadonlyMap<string, PermissionDeclaration>;
  readonly features: ReadonlyMap<string, FeatureDeclaration>;
  readonly flags: ReadonlyMap<string, FlagDeclaration>;
  /** By `team@2`. */
  readonly versions: Declared;
}

export interface PermissionDeclaration {
  readonly scope: "org" | "workspace" | "environment";
  readonly actions: readonly string[];
}

/** Makes the names of a merged catalog ready to be referred to. `broken` are `section/name` of entries in error. */
export function declareCatalog(
  merged: MergedCatalog,
  broken: ReadonlySet<string>,
  isIncomplete: boolean,
): Catalog {
  const { sections } = merged;
  const known = new Map<NamedSection | "products", Declared>();
  const declared = (section: NamedSection | "products"): Declared => {
    const found = known.get(section) ?? declare(section);
    known.set(section, found);
    return found;
  };
  const declare = (section: NamedSection | "products"): Declared =>
    section === "products"
      ? productsOf(merged, broken, isIncomplete)
      : {
          has: (name) => isIncomplete || sections[section].has(name) || isBroken(broken, section, name),
          names: () => sections[section].keys(),
          place: (name) => placeOf(sections[section].get(name)),
        };
  const versions = declaredVersions(merged, declared("plans"));
  return {
    merged,
    isIncomplete,
    declared,
    isBroken: (section) =>
      isIncomplete || [...broken].some((one) => one === section || one.startsWith(`${section}/`)),
    attributes: new Map(
      [...sections.attributes].map(([name, entry]) => [
        name,
        { type: entry.value.type, choices: entry.value.choices ?? null, place: placeOf(entry) },
      ]),
    ),
    permissions: new Map(
      [...sections.permissions].map(([type, { value }]) => [
        type,
        { scope: value.scope ?? "org", actions: value.actions },
      ]),
    ),
    features: new Map([...sections.features].map(([name, entry]) => [name, declareFeature(entry)])),
    flags: new Map([...sections.flags].map(([name, entry]) => [name, declareFlag(entry)])),
    versions: { ...versions, has: (name) => isIncomplete || versions.has(name) },
  };
}

/** An attribute is broken with all attributes of its subject. */
function isBroken(broken: ReadonlySet<string>, section: NamedSection, name: string): boolean {
  const entry = section === "attributes" ? name.split(".", 1)[0] : name;
  return broken.has(section) || broken.has(`${section}/${entry}`);
}

function productsOf(merged: MergedCatalog, broken: ReadonlySet<string>, isIncomplete: boolean): Declared {
  const { products } = merged;
  const names = products?.value ?? [];
  return {
    has: (name) => isIncomplete || names.includes(name) || broken.has("products"),
    names: () => names,
    place: (name) =>
      products && { file: products.file, path: ["products", names.indexOf(name)], what: "value" },
  };
}

function placeOf(
  entry: { readonly file: Place["file"]; readonly path: Place["path"] } | undefined,
): Place | null {
  return entry ? { file: entry.file, path: entry.path, what: "key" } : null;
}

type Feature = NonNullable<ReturnType<MergedCatalog["sections"]["features"]["get"]>>;

function declareFeature({ value, file, path }: Feature): FeatureDeclaration {
  const place: Place = { file, path, what: "key" };
  if (value.choice) return { type: "choice", choices: value.choice, place };
  if (value.limit !== undefined) return { type: "limit", choices: null, place };
  return { type: value.quota ? "quota" : "switch", choices: null, place };
}
