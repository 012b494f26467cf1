import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import type { FieldsOf } from "../../model/field.ts";
import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import { type Declared, isDeclared } from "./declared.ts";
import { type OrgScope, reference } from "./org-scope.ts";

/** Which roles are held where: what members, teams, invitations and join rules have in common. */
export interface Bindings {
  readonly roles?: readonly string[] | undefined;
  readonly workspaces?: { readonly [workspace: string]: readonly string[] } | undefined;
  readonly environments?: { readonly [environment: string]: readonly string[] } | undefined;
  readonly resources?: { readonly [resource: string]: readonly string[] } | undefined;
}

type Subject = { readonly member: string } | { readonly team: string };

interface Held {
  readonly role: string;
  readonly on: Partial<Pick<FieldsOf<"binding">, "workspace" | "environment" | "resource">>;
  readonly path: Path;
}

/** One resource for each role that a member or team holds somewhere. Unknown roles and places are reported. */
export function bindingResources(
  scope: OrgScope,
  subject: Subject,
  bindings: Bindings,
  path: Path,
): Resource[] {
  return heldRoles(scope, bindings, path).map(({ role, on, path: at }) => {
    const isOwn = scope.ownRoles.has(role);
    const fields: FieldsOf<"binding"> = {
      member: null,
      team: null,
      workspace: null,
      environment: null,
      resource: null,
      ...subject,
      ...on,
      catalog_role: isOwn ? null : role,
      role: isOwn ? role : null,
    };
    return resource("binding", { key: kinds.binding.key(fields), path: at, fields });
  });
}

/** What an invitation or a join rule promises, as it is kept until somebody accepts. */
export function promisedGrants(
  scope: OrgScope,
  promised: Bindings & { readonly teams?: readonly string[] | undefined },
  path: Path,
): Value {
  heldRoles(scope, promised, path);
  for (const [index, team] of (promised.teams ?? []).entries()) {
    isDeclared(
      { ...reference(scope, team, [...path, "teams", index]), code: "unknown-team" },
      scope.teams,
      scope.report,
    );
  }
  const { roles, workspaces, environments, resources, teams } = promised;
  const written = Object.entries({ roles, workspaces, environments, resources, teams });
  return Object.fromEntries(written.filter(([, value]) => value !== undefined)) as Value;
}

function heldRoles(scope: OrgScope, bindings: Bindings, path: Path): Held[] {
  const held = rolesAt(scope, bindings.roles ?? [], [...path, "roles"], {});
  const places = [
    ["workspaces", "workspace", "unknown-workspace", scope.workspaces],
    ["environments", "environment", "unknown-environment", scope.environments],
    ["resources", "resource", "unknown-resource", scope.resources],
  ] as const satisfies [keyof Bindings, string, DiagnosticCode, Declared][];
  for (const [section, field, code, declared] of places) {
    for (const [name, roles] of Object.entries(bindings[section] ?? {})) {
      const at = [...path, section, name];
      const isKnown = isDeclared({ ...reference(scope, name, at, "key"), code }, declared, scope.report);
      const here = rolesAt(scope, roles, at, { [field]: name });
      if (isKnown) held.push(...here);
    }
  }
  return held;
}

function rolesAt(scope: OrgScope, roles: readonly string[], path: Path, on: Held["on"]): Held[] {
  const seen = new Set<string>();
  return roles.flatMap((role, index) => {
    const at = [...path, index];
    if (!scope.roles.has(role) && reportTakenAway(scope, role, at)) return [];
    const isKnown = isDeclared(
      { ...reference(scope, role, at), code: "unknown-role" },
      scope.roles,
      scope.report,
    );
    // A role that is listed twice is held once.
    if (!isKnown || seen.has(role)) return [];
    seen.add(role);
    return [{ role, on, path: at }];
  });
}

/** Whether a role is held that `unset` takes away; then it is reported. */
function reportTakenAway(scope: OrgScope, role: string, path: Path): boolean {
  const taken = scope.takenAway.find(
    ({ path: [section, name] }) => section === "roles" && (name === undefined || name === role),
  );
  if (!taken) return false;
  const detail = `"${role}" is taken away and still held. Give another role here, or leave this one in place.`;
  scope.report("role-in-use", scope.place(path), detail, [
    { message: `"${role}" is taken away`, place: taken.place },
  ]);
  return true;
}
