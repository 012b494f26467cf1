import { nearName } from "../../diagnostic/near-name.ts";
import type { Grant } from "../../model/grant.ts";
import { kinds } from "../../model/kinds.ts";
import type { Path } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import type { Placing, Report } from "../place.ts";
import { attributeScope } from "./attribute-scope.ts";
import type { Catalog } from "./catalog.ts";
import { isMap, readCondition } from "./condition.ts";
import { cyclesIn, reportCycle } from "./cycles.ts";
import { type Declared, isDeclared } from "./declared.ts";
import { checkPattern } from "./permissions.ts";

interface RoleManifest {
  readonly description?: string | undefined;
  readonly inherits?: readonly string[] | undefined;
  readonly grants?: readonly Value[] | undefined;
  readonly across?: string | undefined;
  readonly at_least?: number | undefined;
}

/** A role among others: the org's among the org's and the catalog's, the catalog's among themselves. */
export interface RoleScope {
  readonly roles: Declared;
  readonly by: string | (() => string);
  readonly catalog: Catalog;
  readonly place: (path: Path, what?: "key" | "value") => Placing;
  readonly report: Report;
}

/** The fields of a role, in the catalog or in an org. */
export function roleFields(name: string, role: RoleManifest, path: Path, scope: RoleScope) {
  for (const [index, inherited] of (role.inherits ?? []).entries()) {
    const place = scope.place([...path, "inherits", index]);
    isDeclared({ name: inherited, place, code: "unknown-role", by: scope.by }, scope.roles, scope.report);
  }
  const grants = (role.grants ?? []).map((grant, index) =>
    readGrant(grant, [...path, "grants", index], scope),
  );
  return {
    name,
    description: role.description ?? null,
    inherits: role.inherits ?? [],
    grants: grants.filter((grant) => grant !== null) as unknown as Value,
    across: role.across ?? null,
    at_least: role.at_least ?? kinds.role.fields.at_least.default,
  };
}

/** Reports roles that inherit from each other in a circle. */
export function checkRoleCycles(
  roles: { readonly [name: string]: RoleManifest } | ReadonlyMap<string, RoleManifest>,
  place: (name: string, item: number) => Placing,
  report: Report,
): void {
  const byName: ReadonlyMap<string, RoleManifest> =
    roles instanceof Map ? roles : new Map(Object.entries(roles));
  const inheritedBy = (name: string) => byName.get(name)?.inherits ?? [];
  const placeOf = (name: string, next: string) => place(name, inheritedBy(name).indexOf(next));
  for (const cycle of cyclesIn([...byName.keys()], inheritedBy))
    reportCycle(cycle, "inherits from", placeOf, report);
}

const grantFields = ["allow", "deny", "if"];

/** `members:invite`, or `{ allow: …, if: … }`, or `{ deny: …, if: … }`. */
function readGrant(written: Value, path: Path, scope: RoleScope): Grant | null {
  // A null stands where something was reported.
  if (written === null) return null;
  if (typeof written === "string")
    return readPattern({ effect: "allow", pattern: written, test: null }, path, path, scope);
  if (!isMap(written)) {
    scope.report("wrong-type", scope.place(path), "Expected a permission, or a map with allow or deny.");
    return null;
  }
  for (const field of Object.keys(written).filter((name) => !grantFields.includes(name))) {
    const near = nearName(field, grantFields);
    const help = near ? `Did you mean "${near}"?` : `Known here: ${grantFields.join(", ")}.`;
    const place = scope.place([...path, field], "key");
    scope.report("unknown-field", place, `"${field}" is not a field here. ${help}`);
  }
  const { allow, deny, if: test = null } = written;
  if (allow !== undefined && deny !== undefined) {
    const detail = "A grant either allows or denies. Write two of them.";
    scope.report("conflicting-fields", scope.place([...path, "deny"], "key"), detail, [
      { message: "it allows", place: scope.place([...path, "allow"], "key") },
    ]);
    return null;
  }
  const [effect, pattern] = deny === undefined ? (["allow", allow] as const) : (["deny", deny] as const);
  if (pattern === null) return null;
  if (typeof pattern !== "string") {
    const detail = "A grant says allow or deny, with a permission, as { allow: members:invite }.";
    scope.report("missing-field", scope.place(path), detail);
    return null;
  }
  return readPattern({ effect, pattern, test }, [...path, effect], path, scope);
}

interface WrittenGrant {
  readonly effect: Grant["effect"];
  readonly pattern: string;
  readonly test: Value;
}

function readPattern(
  { effect, pattern, test }: WrittenGrant,
  patternPath: Path,
  path: Path,
  scope: RoleScope,
): Grant | null {
  const { catalog, place, report } = scope;
  const matched = checkPattern(pattern, place(patternPath), catalog, report);
  if (test === null) return matched.length > 0 ? { effect, permission: pattern, if: null } : null;
  // What the condition may ask for does not depend on whether the action is misspelt.
  const [type = ""] = pattern.split(":");
  const resourceTypes = matched.length > 0 ? matched : [type, ...catalog.permissions.keys()];
  const attributes = attributeScope(catalog, { resourceTypes, ofRequest: true });
  const condition = readCondition(test, [...path, "if"], { ...attributes, place, report });
  return condition && { effect, permission: pattern, if: condition };
}
