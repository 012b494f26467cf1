import type { z } from "zod";
import type { SourceFile } from "../../diagnostic/span.ts";
import type { Path } from "../../model/state.ts";
import type { Merged } from "../layers.ts";
import type { Place, Report } from "../place.ts";
import type { orgSchema } from "../schema/org-schema.ts";
import type { Catalog } from "./catalog.ts";
import { type Declared, either } from "./declared.ts";
import type { OrgFile } from "./org.ts";

type OrgContent = Readonly<z.output<typeof orgSchema>>;

/** An org with its templates laid under it, and everything that its sections may refer to. */
export interface OrgScope {
  readonly slug: string;
  readonly content: OrgContent;
  /** The org's own file, and what an estate lays over it. */
  readonly files: readonly SourceFile[];
  /** A part of it could not be read, so that nothing can be said to be undeclared. */
  readonly isIncomplete: boolean;
  /** An entry of a section was left out because of an error. */
  readonly isBroken: (section: string) => boolean;
  readonly takenAway: Merged["takenAway"];
  readonly place: (path: Path, what?: "key" | "value") => () => Place;
  readonly catalog: Catalog;
  readonly report: Report;
  readonly workspaces: Declared;
  readonly environments: Declared;
  readonly resources: Declared;
  readonly members: Declared;
  readonly teams: Declared;
  readonly ownRoles: Declared;
  /** The org's roles and the catalog's. */
  readonly roles: Declared;
  readonly connections: Declared;
  readonly webhooks: Declared;
}

export function orgScope(
  { file, content, broken, isPartial, layers }: OrgFile,
  merged: Merged,
  catalog: Catalog,
  report: Report,
): OrgScope {
  const section = (name: keyof OrgContent): Declared => {
    const entries = (content[name] ?? {}) as object;
    return {
      has: (entry) =>
        isPartial ||
        Object.hasOwn(entries, entry) ||
        (broken.size > 0 && (broken.has(`${name}/${entry}`) || broken.has(name))),
      names: () => Object.keys(entries),
      place: (entry) => merged.place([name, entry], "key"),
    };
  };
  const ownRoles = section("roles");
  const workspaces = section("workspaces");
  return {
    slug: content.org,
    files: layers?.map((layer) => layer.file) ?? [file],
    content,
    isIncomplete: isPartial,
    isBroken: (name) => [...broken].some((one) => one === name || one.startsWith(`${name}/`)),
    takenAway: merged.takenAway,
    place: (path, what) => () => merged.place(path, what),
    catalog,
    report,
    workspaces,
    environments: isPartial
      ? { ...environmentsOf(content, merged.place, broken), has: () => true }
      : environmentsOf(content, merged.place, broken),
    resources: section("resources"),
    members: section("members"),
    teams: section("teams"),
    ownRoles,
    roles: either(ownRoles, catalog.declared("roles")),
    connections: section("sso"),
    webhooks: section("webhooks"),
  };
}

function environmentsOf(content: OrgContent, place: Merged["place"], broken: ReadonlySet<string>): Declared {
  const pathOf = (name: string): Path => {
    const [workspace = "", environment = ""] = name.split("/");
    return ["workspaces", workspace, "environments", environment];
  };
  return {
    has: (name) => {
      const [workspace = "", environment = ""] = name.split("/");
      if (broken.has("workspaces") || broken.has(`workspaces/${workspace}`)) return true;
      const environments = own(content.workspaces, workspace)?.environments;
      return own(environments, environment) !== undefined;
    },
    *names() {
      for (const [workspace, { environments }] of Object.entries(content.workspaces ?? {})) {
        for (const environment of Object.keys(environments ?? {})) yield `${workspace}/${environment}`;
      }
    },
    place: (name) => place(pathOf(name), "key"),
  };
}

/** An entry of a map by its own name, never one that every object inherits. */
export function own<T>(entries: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** Where a value of the org stands; given for `isDeclared`. */
export function reference(scope: OrgScope, name: string, path: Path, what: "key" | "value" = "value") {
  const place = scope.place(path, what);
  // What a template says is the same fault in every org that it is laid under, and is told once.
  const by = () =>
    scope.files.includes(place().file) ? `for ${scope.slug}` : "for an org that this is laid under";
  return { name, place, by };
}
