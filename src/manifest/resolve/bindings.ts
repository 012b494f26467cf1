import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import type { FieldsOf } from "../../model/field.ts";
import { kinds } from "../../model/kinds.ts";
import { type Path, type Resource, resource } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import { isDeclared } from "./declared.ts";
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
      member: "member" in subject ? subject.member : null,
      team: "team" in subject ? subject.team : null,
      workspace: on.workspace ?? null,
      environment: on.environment ?? null,
      resource: on.resource ?? null,
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

const places = [
  ["workspaces", "workspace", "unknown-workspace"],
  ["environments", "environment", "unknown-environment"],
  ["resources", "resource", "unknown-resource"],
] as const satisfies [keyof Bindings & keyof OrgScope, string, DiagnosticCode][];

function heldRoles(scope: OrgScope, bindings: Bindings, path: Path): Held[] {
  const held = bindings.roles ? rolesAt(scope, bindings.roles, [...path, "roles"], {}) : [];
  for (const [section, field, code] of places) {
    const here = bindings[section];
    if (!here) continue;
    for (const [name, roles] of Object.entries(here)) {
      const at = [...path, section, name];
      const written = { ...reference(scope, name, at, "key"), code };
      const isKnown = isDeclared(written, scope[section], scope.report);
      const holding = rolesAt(scope, roles, at, { [field]: name });
      if (isKnown) held.push(...holding);
    }
  }
  return held;
}

function rolesAt(scope: OrgScope, roles: readonly string[], path: Path, on: Held["on"]): Held[] {
  const held: Held[] = [];
  for (let index = 0; index < roles.length; index++) {
    const role = roles[index] as string;
    // A role that is listed twice is held once.
    if (roles.indexOf(role) < index) continue;
    const at = [...path, index];
    if (scope.roles.has(role)) held.push({ role, on, path: at });
    else if (!reportTakenAway(scope, role, at))
      isDeclared({ ...reference(scope, role, at), code: "unknown-role" }, scope.roles, scope.report);
  }
  return held;
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
