import { type Resource, resource } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import { type Base, type Content, type Layer, layTemplates } from "../layers.ts";
import type { Entry } from "../merge-catalogs.ts";
import type { Report } from "../place.ts";
import type { TemplateManifest } from "../schema/catalog-schema.ts";
import type { Catalog } from "./catalog.ts";
import { cyclesIn, reportCycle } from "./cycles.ts";
import { isDeclared } from "./declared.ts";
import { withMemberKeys } from "./member-keys.ts";

/** Templates as the database keeps them: what they say, unmerged. */
export function templateResources(catalog: Catalog, report: Report): Resource[] {
  const { templates } = catalog.merged.sections;
  const cycles = cyclesIn([...templates.keys()], (name) => [templates.get(name)?.value.extends ?? []].flat());
  const placeOf = (name: string) => {
    const { file, path } = templates.get(name) as Entry<TemplateManifest>;
    return { file, path: [...path, "extends"], what: "value" } as const;
  };
  for (const cycle of cycles) reportCycle(cycle, "extends", placeOf, report);
  return [...templates].map(([name, { value, file, path }]) => {
    const { description, extends: below, locked, ...body } = value;
    if (below !== undefined) {
      const place = { file, path: [...path, "extends"], what: "value" } as const;
      isDeclared(
        { name: below, place, code: "unknown-template", by: "in the catalog's templates" },
        catalog.declared("templates"),
        report,
      );
    }
    return resource("template", {
      key: name,
      path,
      fields: {
        name,
        description: description ?? null,
        extends: below ?? null,
        body: written(body),
        locked: locked ?? [],
      },
    });
  });
}

/** What the templates of a catalog come to, by their names: thousands of orgs are made from the same few. */
const bases = new WeakMap<Catalog, Map<string, Base>>();

/** The named templates laid over each other, each after what it extends; one that comes twice counts where it is nearest. */
export function templateBase(names: readonly string[], catalog: Catalog, report: Report): Base {
  const ofCatalog = bases.get(catalog) ?? new Map<string, Base>();
  bases.set(catalog, ofCatalog);
  const known = ofCatalog.get(names.join("\n"));
  if (known) return known;
  const layers = chainOf(names, catalog).flatMap((name) => layerOf(name, catalog, report) ?? []);
  const base = layTemplates(layers, report);
  ofCatalog.set(names.join("\n"), base);
  return base;
}

function chainOf(names: readonly string[], catalog: Catalog): string[] {
  const chain: string[] = [];
  for (const name of names) {
    const branch: string[] = [];
    const { templates } = catalog.merged.sections;
    for (let next: string | undefined = name; next !== undefined && !branch.includes(next); ) {
      branch.unshift(next);
      next = templates.get(next)?.value.extends;
    }
    for (const one of branch) {
      if (chain.includes(one)) chain.splice(chain.indexOf(one), 1);
      chain.push(one);
    }
  }
  return chain;
}

/** Whether one of the named templates, or of those that they extend, is not there to be laid under an org. */
export function lacksTemplate(names: readonly string[], catalog: Catalog): boolean {
  const { templates } = catalog.merged.sections;
  const seen = new Set<string>();
  for (const name of names) {
    for (let next: string | undefined = name; next !== undefined && !seen.has(next); ) {
      seen.add(next);
      const entry = templates.get(next);
      if (!entry) return true;
      next = entry.value.extends;
    }
  }
  return false;
}

function layerOf(name: string, catalog: Catalog, report: Report): Layer | null {
  const entry = catalog.merged.sections.templates.get(name);
  if (!entry) return null;
  const { description: _description, extends: _below, locked, org, ...sections } = entry.value;
  const layer: Layer = {
    label: `template ${name}`,
    content: { ...written(org ?? {}), ...written(sections) },
    file: entry.file,
    root: entry.path,
    locked: locked ?? [],
    unset: [],
  };
  return withMemberKeys(layer, report);
}

/** What is there, without the fields that are not. */
export function written(content: Partial<TemplateManifest> | object): Content {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined)) as {
    [name: string]: Value;
  };
}
