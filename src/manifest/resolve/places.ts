import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import { isDeclared } from "./declared.ts";
import { type OrgScope, reference } from "./org-scope.ts";
import { entitlementResources, flagResources } from "./overrides.ts";
import { attributeValues } from "./values.ts";

type Workspace = NonNullable<OrgScope["content"]["workspaces"]>[string];
type Environment = NonNullable<Workspace["environments"]>[string];

/** Workspaces, their environments, and what is set in them. */
export function workspaceResources(scope: OrgScope): Resource[] {
  return Object.entries(scope.content.workspaces ?? {}).flatMap(([slug, workspace]) => {
    const path: Path = ["workspaces", slug];
    const { name, description, settings, metadata } = workspace;
    const on = { workspace: slug, environment: null };
    return [
      resource("workspace", {
        key: slug,
        path,
        previously: workspace.previously ?? [],
        fields: {
          slug,
          name: name ?? null,
          description: description ?? null,
          ...(settings === undefined ? {} : { settings }),
          ...(metadata === undefined ? {} : { metadata }),
        },
      }),
      ...flagResources(scope, workspace.flags, [...path, "flags"], on),
      ...entitlementResources(scope, workspace.entitlements, [...path, "entitlements"], on),
      ...Object.entries(workspace.environments ?? {}).flatMap(([environmentSlug, environment]) =>
        environmentResources(scope, slug, environmentSlug, environment),
      ),
    ];
  });
}

function environmentResources(
  scope: OrgScope,
  workspace: string,
  slug: string,
  environment: Environment,
): Resource[] {
  const path: Path = ["workspaces", workspace, "environments", slug];
  const key = `${workspace}/${slug}`;
  const on = { workspace: null, environment: key };
  const defaults = kinds.environment.fields;
  return [
    resource("environment", {
      key,
      path,
      previously: (environment.previously ?? []).map((earlier) => `${workspace}/${earlier}`),
      fields: {
        workspace,
        slug,
        name: environment.name ?? null,
        description: environment.description ?? null,
        tier: environment.tier ?? defaults.tier.default,
        host: environment.host ?? defaults.host.default,
        backend: environment.backend ?? null,
        credentials: environment.credentials ?? defaults.credentials.default,
        ...(environment.metadata === undefined ? {} : { metadata: environment.metadata }),
      },
    }),
    ...flagResources(scope, environment.flags, [...path, "flags"], on),
    ...entitlementResources(scope, environment.entitlements, [...path, "entitlements"], on),
  ];
}

/** Known objects of the app's. */
export function objectResources(scope: OrgScope): Resource[] {
  return Object.entries(scope.content.resources ?? {}).map(([key, object]) => {
    const path: Path = ["resources", key];
    const [type = ""] = key.split("/", 1);
    isDeclared(
      {
        name: type,
        place: scope.place(path, "key"),
        code: "unknown-resource-type",
        by: "in the catalog's permissions",
      },
      scope.catalog.declared("permissions"),
      scope.report,
    );
    const { workspace, environment, description, attributes } = object;
    if (workspace !== undefined) {
      const written = reference(scope, workspace, [...path, "workspace"]);
      isDeclared({ ...written, code: "unknown-workspace" }, scope.workspaces, scope.report);
    }
    if (environment !== undefined) {
      const written = reference(scope, environment, [...path, "environment"]);
      isDeclared({ ...written, code: "unknown-environment" }, scope.environments, scope.report);
    }
    return resource("resource", {
      key,
      path,
      fields: {
        type,
        name: key.slice(type.length + 1),
        description: description ?? null,
        workspace: workspace ?? null,
        environment: environment ?? null,
        ...(attributes === undefined
          ? {}
          : { attributes: attributeValues(scope, type, attributes, [...path, "attributes"]) }),
      },
    });
  });
}
