import { type Resource, resource } from "../../model/state.ts";
import type { MergedCatalog } from "../merge-catalogs.ts";
import type { Place, Report } from "../place.ts";
import { subjects } from "./attribute-scope.ts";
import { type Catalog, declareFeature } from "./catalog.ts";
import { isDeclared } from "./declared.ts";
import { flagResources } from "./flags.ts";
import { planResources } from "./plans.ts";
import { checkRoleCycles, roleFields } from "./roles.ts";
import { templateResources } from "./templates.ts";

/** The catalog's resources. Problems in it are reported. */
export function catalogResources(catalog: Catalog, report: Report): Resource[] {
  const { merged } = catalog;
  checkEarlierNames(merged, report);
  return [
    settingsResource(catalog, report),
    ...attributeResources(catalog, report),
    ...permissionResources(merged),
    ...roleResources(catalog, report),
    ...featureResources(merged, report),
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
      { name: creatorRole, place, code: "unknown-role", by: "in roles" },
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
      const by = `in permissions, and is none of ${subjects.join(", ")}`;
      isDeclared(
        { name: subject, place, code: "unknown-resource-type", by },
        catalog.declared("permissions"),
        report,
      );
    }
    if ((value.type === "choice") !== (value.choices !== undefined)) {
      report(
        "wrong-type",
        { file, path, what: "value" },
        "A choice has choices, and nothing else has: write [eu, us].",
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
  const placeOfCycle = (name: string): Place => {
    const entry = roles.get(name);
    return { file: entry?.file ?? catalog.merged.file, path: ["roles", name, "inherits"], what: "value" };
  };
  checkRoleCycles(new Map([...roles].map(([name, { value }]) => [name, value])), placeOfCycle, report);
  return [...roles].map(([name, { value, file, path }]) => {
    const place = (at: Place["path"], what: Place["what"] = "value"): Place => ({ file, path: at, what });
    const scope = { roles: catalog.declared("roles"), by: "in the catalog", catalog, place, report };
    const fields = roleFields(name, value, path, scope);
    return resource("catalog_role", { key: name, path, previously: value.previously ?? [], fields });
  });
}

function featureResources(merged: MergedCatalog, report: Report): Resource[] {
  return [...merged.sections.features].map(([name, { value, file, path }]) => {
    const types = [value.switch, value.limit, value.quota, value.choice].filter(
      (type) => type !== undefined && type !== false,
    );
    if (types.length !== 1) {
      const detail = "A feature is one of: switch, quota, { limit: what it counts }, or a list of choices.";
      report("wrong-type", { file, path, what: "value" }, detail);
    }
    const { type, choices } = declareFeature(value);
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

/** An earlier name that something else still bears cannot be renamed from. */
function checkEarlierNames(merged: MergedCatalog, report: Report): void {
  for (const section of ["roles", "features", "plans", "flags"] as const) {
    const entries = merged.sections[section];
    for (const [name, { value, file, path }] of entries) {
      for (const [index, earlier] of (value.previously ?? []).entries()) {
        const live = entries.get(earlier);
        if (!live) continue;
        const place: Place = { file, path: [...path, "previously", index], what: "value" };
        report(
          "previously-live",
          place,
          `"${earlier}" is still declared, so that "${name}" cannot be its new name.`,
          [{ message: `"${earlier}" is declared`, place: { file: live.file, path: live.path, what: "key" } }],
        );
      }
    }
  }
}
