import { type Resource, resource } from "../../model/state.ts";
import type { MergedCatalog } from "../merge-catalogs.ts";
import type { Place, Report } from "../place.ts";
import { subjects } from "./attribute-scope.ts";
import type { Catalog } from "./catalog.ts";
import { isDeclared } from "./declared.ts";
import { checkEarlierNames, type Renamed } from "./earlier-names.ts";
import { flagResources } from "./flags.ts";
import { planResources } from "./plans.ts";
import { checkRoleCycles, roleFields } from "./roles.ts";
import { templateResources } from "./templates.ts";
import type { FeatureDeclaration } from "./values.ts";

/** The catalog's resources. Problems in it are reported. */
export function catalogResources(catalog: Catalog, report: Report): Resource[] {
  const { merged } = catalog;
  checkRenames(merged, report);
  return [
    settingsResource(catalog, report),
    ...attributeResources(catalog, report),
    ...permissionResources(merged),
    ...roleResources(catalog, report),
    ...featureResources(catalog),
    ...[...merged.sections.rate_limits].map(([name, { value, path }]) =>
      resource("catalog_rate_limit", {
        key: name,
        path,
        fields: { name, amount: value.amount, period: value.per },
      }),
    ),
    ...[...new Set(merged.products?.value ?? [])].map((name, position) =>
      resource("product", { key: name, path: ["products", position], fields: { name, position } }),
    ),
    ...planResources(catalog, report),
    ...flagResources(catalog, report),
    ...templateResources(catalog, report),
  ];
}

function settingsResource(catalog: Catalog, report: Report): Resource {
  const { name, description, guards, policy } = catalog.merged;
  const creatorRole = policy?.value.creator_role;
  if (policy && creatorRole !== undefined) {
    const place: Place = { file: policy.file, path: ["policy", "creator_role"], what: "value" };
    isDeclared(
      { name: creatorRole, place, code: "unknown-role", by: "in the catalog's roles" },
      catalog.declared("roles"),
      report,
    );
  }
  const written = Object.entries(policy?.value ?? {}).filter(([, value]) => value !== undefined);
  return resource("catalog", {
    key: "",
    path: ["catalog"],
    fields: {
      name,
      description: description ?? null,
      max_removals: guards?.value.max_removals ?? null,
      ...Object.fromEntries(written),
    },
  });
}

function attributeResources(catalog: Catalog, report: Report): Resource[] {
  return [...catalog.merged.sections.attributes].map(([key, { value, file, path }]) => {
    const [subject = "", ...rest] = key.split(".");
    if (!subjects.includes(subject)) {
      const place: Place = { file, path: path.slice(0, -1), what: "key" };
      const by = `in the catalog's permissions, and is none of ${subjects.join(", ")}`;
      isDeclared(
        { name: subject, place, code: "unknown-resource-type", by },
        catalog.declared("permissions"),
        report,
      );
    }
    const fields = { subject, name: rest.join("."), type: value.type, choices: value.choices ?? null };
    return resource("attribute", { key, path, fields });
  });
}

function permissionResources(merged: MergedCatalog): Resource[] {
  return [...merged.sections.permissions].flatMap(([type, { value, path }]) =>
    [...new Set(value.actions)].map((action, index) =>
      resource("permission", {
        key: `${type}:${action}`,
        path: [...path, "actions", index],
        fields: {
          resource_type: type,
          action,
          scope: value.scope ?? "org",
          description: value.description ?? null,
        },
      }),
    ),
  );
}

function roleResources(catalog: Catalog, report: Report): Resource[] {
  const { roles } = catalog.merged.sections;
  const placeOfCycle = (name: string, item: number): Place => {
    const file = roles.get(name)?.file ?? catalog.merged.file;
    return { file, path: ["roles", name, "inherits", item], what: "value" };
  };
  checkRoleCycles(new Map([...roles].map(([name, { value }]) => [name, value])), placeOfCycle, report);
  return [...roles].map(([name, { value, file, path }]) => {
    const place = (at: Place["path"], what: Place["what"] = "value"): Place => ({ file, path: at, what });
    const scope = { roles: catalog.declared("roles"), by: "in the catalog", catalog, place, report };
    const fields = roleFields(name, value, path, scope);
    return resource("catalog_role", { key: name, path, previously: value.previously ?? [], fields });
  });
}

function featureResources({ merged, features }: Catalog): Resource[] {
  return [...merged.sections.features].map(([name, { value, path }]) => {
    const { type, choices } = features.get(name) as FeatureDeclaration;
    return resource("feature", {
      key: name,
      path,
      previously: value.previously ?? [],
      fields: {
        name,
        description: value.description ?? null,
        type,
        choices,
        counts: value.limit ?? null,
        combine: value.combine ?? "highest",
      },
    });
  });
}

function checkRenames(merged: MergedCatalog, report: Report): void {
  for (const section of ["roles", "features", "plans", "flags"] as const) {
    const renamed = [...merged.sections[section]].map(([name, { value, file, path }]): Renamed => {
      return {
        name,
        previously: value.previously ?? [],
        place: { file, path, what: "key" },
        placeOf: (index) => ({ file, path: [...path, "previously", index], what: "value" }),
      };
    });
    checkEarlierNames(renamed, report);
  }
}
