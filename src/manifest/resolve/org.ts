import type { SourceFile } from "../../diagnostic/span.ts";
import type { Path } from "../../model/state.ts";
import { type DesiredScope, type Resource, resource } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import { type Content, type Layer, type Merged, mergeLayers } from "../layers.ts";
import type { Report } from "../place.ts";
import { type OrgManifest, type SectionName, sectionNames } from "../schema/org-schema.ts";
import type { Catalog } from "./catalog.ts";
import { isDeclared } from "./declared.ts";
import { checkHolders } from "./holders.ts";
import { withMemberKeys } from "./member-keys.ts";
import { memberResources } from "./members.ts";
import { type OrgScope, orgScope, reference } from "./org-scope.ts";
import { entitlementResources, flagResources, inWholeOrg, rateLimitResources } from "./overrides.ts";
import { objectResources, workspaceResources } from "./places.ts";
import { checkRenames } from "./renames.ts";
import { checkRoleCycles, roleFields } from "./roles.ts";
import { entryResources, integrationResources, settingResources } from "./settings.ts";
import { subscriptionResources } from "./subscriptions.ts";
import { teamResources } from "./teams.ts";
import { lacksTemplate, templateBase, written } from "./templates.ts";
import { attributeValues } from "./values.ts";

export interface OrgFile {
  readonly file: SourceFile;
  readonly content: OrgManifest;
  readonly broken: ReadonlySet<string>;
  /** Names in it could not be read, so that nothing can be said to be undeclared. */
  readonly isPartial: boolean;
  /** The files that it was made of, where an estate lays one over another: see `layOverOrg`. */
  readonly layers?: readonly OrgFile[];
}

/** An org as it should be, and where each of its values comes from. */
export interface ResolvedOrg {
  readonly desired: DesiredScope;
  readonly merged: Merged;
}

/** Lays an org over its templates, checks everything that it refers to, and says which resources it is made of. */
export function resolveOrg(org: OrgFile, catalog: Catalog, report: Report): ResolvedOrg {
  const { org: slug, previously, templates = [], release } = org.content;
  for (const [index, name] of templates.entries()) {
    const place = { file: org.file, path: ["templates", index], what: "value" } as const;
    const by = "in the catalog's templates";
    isDeclared({ name, place, code: "unknown-template", by }, catalog.declared("templates"), report);
  }
  const isMissing = catalog.isIncomplete || lacksTemplate(templates, catalog);
  const isPartial = org.isPartial || isMissing;
  const base = templateBase(templates, catalog, isMissing ? exceptPaths(report) : report);
  const own = (org.layers ?? [org]).map((file, index) => withMemberKeys(layerOf(file, index), report));
  const merged = mergeLayers(base, own, isPartial ? exceptPaths(report) : report);
  const content = merged.content as unknown as OrgManifest;
  const scope = orgScope({ ...org, content, isPartial }, merged, catalog, report);
  checkLifeCycle(org, report);
  checkReleased(org, report);
  checkRenames(scope);
  const resources = [orgResource(scope, org.content)].concat(
    settingResources(scope),
    subscriptionResources(scope),
    entitlementResources(scope, content.entitlements, ["entitlements"], inWholeOrg),
    flagResources(scope, content.flags, ["flags"], inWholeOrg),
    rateLimitResources(scope),
    roleResources(scope),
    memberResources(scope),
    teamResources(scope),
    workspaceResources(scope),
    objectResources(scope),
    entryResources(scope),
    integrationResources(scope),
  );
  checkHolders(scope);
  const released = new Set<string>(release ?? []);
  return {
    desired: {
      org: slug,
      previously: previously ?? [],
      resources:
        released.size === 0 ? resources : resources.filter((one) => !released.has(String(one.path[0]))),
      sections: new Set(["org", ...sectionNames.filter((section) => content[section] !== undefined)]),
      authoritative: authoritativeSections(org.content.manage),
      released,
    },
    merged,
  };
}

function layerOf({ file, content }: OrgFile, index: number): Layer {
  return {
    label: index === 0 ? `org ${content.org}` : `overlay ${file.overlay}`,
    content: content as unknown as Content,
    file,
    root: [],
    locked: [],
    unset: content.unset ?? [],
  };
}

/** Paths may lead to what is missing for another reason, which was told. */
function exceptPaths(report: Report): Report {
  return (code, ...told) => {
    if (code !== "unknown-path") report(code, ...told);
  };
}

function authoritativeSections(manage: OrgManifest["manage"]): DesiredScope["authoritative"] {
  const written = Object.entries(manage ?? {}).filter(([, { mode }]) => mode === "authoritative");
  return new Map(written.map(([section, { over }]) => [section, over ?? "unaccounted"]));
}

function orgResource(scope: OrgScope, own: OrgManifest): Resource {
  const { name, description, status, primary_domain, industry, contacts, support_tier } = scope.content;
  const { attributes, metadata, purge_after, created } = scope.content;
  const fields = {
    name,
    description,
    status,
    primary_domain,
    industry,
    contact_email: contacts?.primary,
    billing_email: contacts?.billing,
    support_tier,
    metadata,
    attributes: attributes && attributeValues(scope, "org", attributes, ["attributes"]),
    purge_after,
    created_at: created,
    protected: own.protected,
    manage: own.manage as unknown as Value | undefined,
  };
  const path: Path = [];
  return resource("org", {
    key: "",
    path,
    fields: { slug: scope.slug, templates: own.templates ?? [], ...written(fields) },
  });
}

function checkLifeCycle({ file, content }: OrgFile, report: Report): void {
  const at = (name: string, what: "key" | "value" = "value") => ({ file, path: [name], what });
  const { org, status, confirm, purge_after } = content;
  if (status === "deleted" && confirm !== org) {
    const place = at(confirm === undefined ? "status" : "confirm");
    report("confirm-deletion", place, `To delete the org, write its slug once more: confirm: ${org}.`);
  }
  for (const [name, value] of Object.entries({ confirm, purge_after })) {
    if (value === undefined || status === "deleted") continue;
    const detail = `${name} counts with status: deleted only. Write that, or take ${name} away.`;
    report("confirm-deletion", at(name, "key"), detail);
  }
}

function checkReleased({ file, content }: OrgFile, report: Report): void {
  for (const [index, section] of (content.release ?? []).entries()) {
    if (content[section as SectionName] === undefined) continue;
    const place = { file, path: ["release", index], what: "value" } as const;
    const detail = `"${section}" is let go of, and written too. Take one of the two away.`;
    report("conflicting-fields", place, detail, [
      { message: `"${section}" is written`, place: { file, path: [section], what: "key" } },
    ]);
  }
}

function roleResources(scope: OrgScope): Resource[] {
  const roles = scope.content.roles ?? {};
  const place = scope.place;
  checkRoleCycles(roles, (name, item) => place(["roles", name, "inherits", item]), scope.report);
  return Object.entries(roles).map(([name, role]) => {
    const path: Path = ["roles", name];
    const catalogs = scope.catalog.declared("roles");
    const shadowed = catalogs.has(name) && !scope.catalog.isIncomplete ? catalogs.place(name) : null;
    if (shadowed) {
      const detail = `"${name}" is a role of the catalog, which every org has. Give this one another name.`;
      scope.report("shadowed-role", place(path, "key"), detail, [
        { message: `"${name}" is declared`, place: shadowed },
      ]);
    }
    const { by } = reference(scope, name, path);
    const fields = roleFields(name, role, path, { ...scope, by, roles: scope.roles });
    return resource("role", { key: name, path, previously: role.previously ?? [], fields });
  });
}
