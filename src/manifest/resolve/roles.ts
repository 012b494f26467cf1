import { nearName } from "../../diagnostic/near-name.ts";
import type { Grant } from "../../model/grant.ts";
import { kinds } from "../../model/kinds.ts";
import type { Path } from "../../model/state.ts";
import type { Value } from "../../model/value.ts";
import type { Place, Report } from "../place.ts";
import { attributeScope } from "./attribute-scope.ts";
import type { Catalog } from "./catalog.ts";
import { isMap, readCondition } from "./condition.ts";
import { cyclesIn, cycleText } from "./cycles.ts";
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
  readonly by: string;
  readonly catalog: Catalog;
  readonly place: (path: Path, what?: "key" | "value") => Place;
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
  place: (name: string) => Place,
  report: Report,
): void {
  const byName = roles instanceof Map ? roles : new Map(Object.entries(roles));
  for (const cycle of cyclesIn([...byName.keys()], (name) => byName.get(name)?.inherits ?? [])) {
    report("cycle", place(cycle[0]), `These roles inherit from each other: ${cycleText(cycle)}.`);
  }
}

const grantFields = ["allow", "deny", "if"];

/** `members:invite`, or `{ allow: …, if: … }`, or `{ deny: …, if: … }`. */
function readGrant(written: Value, path: Path, scope: RoleScope): Grant | null {
  if (typeof written === "string") return readPattern("allow", written, null, path, scope);
  if (!isMap(written)) {
    scope.report("wrong-type", scope.place(path), "Expected a permission, or a map with allow or deny.");
    return null;
  }
  for (const field of Object.keys(written).filter((name) => !grantFields.includes(name))) {
    const near = nearName(field, grantFields);
    const help = near ? `Did you mean "${near}"?` : `Known here: ${grantFields.join(", ")}.`;
    scope.report(
      "unknown-field",
      scope.place([...path, field], "key"),
      `"${field}" is not a field here. ${help}`,
    );
  }
  const effect = Object.hasOwn(written, "deny") ? "deny" : "allow";
  const pattern = written[effect];
  if (typeof pattern !== "string" || (effect === "deny" && Object.hasOwn(written, "allow"))) {
    scope.report(
      "missing-field",
      scope.place(path),
      "A grant says one of allow and deny, with a permission.",
    );
    return null;
  }
  return readPattern(effect, pattern, written.if ?? null, path, scope);
}

function readPattern(
  effect: Grant["effect"],
  pattern: string,
  test: Value,
  path: Path,
  scope: RoleScope,
): Grant | null {
  const place = scope.place(isOfMap(test, effect) ? [...path, effect] : path);
  if (!/^(?:\*|[\w.-]+):(?:\*|[\w.-]+)$/.test(pattern)) {
    scope.report(
      "unknown-permission",
      place,
      `"${pattern}" is not a permission: write resource:action, as members:invite.`,
    );
    return null;
  }
  const types = checkPattern(pattern, place, scope.catalog, scope.report);
  if (test === null) return { effect, permission: pattern, if: null };
  const { place: placeOf, report } = scope;
  const attributes = attributeScope(scope.catalog, { resourceTypes: types, ofRequest: true });
  const condition = readCondition(test, [...path, "if"], { ...attributes, place: placeOf, report });
  return condition && { effect, permission: pattern, if: condition };
}

/** Whether the pattern stands behind `allow:` or `deny:`, and not alone. */
const isOfMap = (test: Value, effect: Grant["effect"]) => test !== null || effect === "deny";
