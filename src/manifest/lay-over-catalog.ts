import type { Path } from "../model/state.ts";
import type { Value } from "../model/value.ts";
import { laidOver } from "./laid-over.ts";
import { isAtom, mergeValues } from "./layers.ts";
import type { Entry, MergedCatalog, NamedSection } from "./merge-catalogs.ts";

/**
 * An estate's catalog laid over the common one: entries of the same name merge, others are added. Nothing is taken
 * away; a test replaces the one of the same name.
 */
export function layOverCatalog(common: MergedCatalog, overlay: MergedCatalog): MergedCatalog {
  return {
    name: common.name,
    description: overlay.description ?? common.description,
    file: common.file,
    sections: laySections(common.sections, overlay.sections),
    // A list replaces, for its order carries meaning.
    products: overlay.products ?? common.products,
    guards: layEntry(common.guards, overlay.guards, () => false),
    policy: layEntry(common.policy, overlay.policy, () => false),
    tests: layTests(common.tests, overlay.tests),
    written: new Set([...common.written, ...overlay.written]),
  };
}

type Sections = MergedCatalog["sections"];

function laySections(common: Sections, overlay: Sections): Sections {
  const laid = Object.entries(common).map(([section, below]) => {
    const entries = new Map<string, Entry<unknown>>(below);
    const above: ReadonlyMap<string, Entry<unknown>> = overlay[section as NamedSection];
    for (const [name, entry] of above) {
      entries.set(name, layEntry(entries.get(name) ?? null, entry, wholeIn[section as NamedSection]));
    }
    return [section, entries];
  });
  // Each section's entries are of that section still; the loop over sections loses which.
  return Object.fromEntries(laid) as Sections;
}

/** What counts whole within an entry of a section. The entry itself has the empty path. */
const wholeIn: { readonly [S in NamedSection]: (path: Path) => boolean } = {
  // These say in one of several forms what they are: two of them at once would be none.
  attributes: () => true,
  features: () => true,
  rate_limits: () => true,
  permissions: () => false,
  roles: () => false,
  plans: (path) => path[0] === "versions" && (path[2] === "price" || path.length > 3),
  flags: (path) => path[0] === "default" || (path[0] === "variants" && path.length === 2),
  templates: ([first, ...rest]) => first !== undefined && isAtom(first === "org" ? rest : [first, ...rest]),
};

function layEntry<T, E extends Entry<T> | null>(
  below: Entry<T> | null,
  above: E,
  countsWhole: (path: Path) => boolean,
): Entry<T> | E {
  if (below === null || above === null) return above ?? below ?? above;
  return {
    value: mergeValues(below.value as Value, above.value as Value, countsWhole) as T,
    file: laidOver(above.file, below.file),
    path: above.path,
  };
}

function layTests(common: MergedCatalog["tests"], overlay: MergedCatalog["tests"]): MergedCatalog["tests"] {
  const replaced = new Set(overlay.map(({ value }) => value.name));
  return [...common.filter(({ value }) => !replaced.has(value.name)), ...overlay];
}
