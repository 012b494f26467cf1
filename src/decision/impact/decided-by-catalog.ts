import { addressOf } from "../../model/address.ts";
import type { Resource } from "../../model/state.ts";
import type { OrgSource } from "../compile-org.ts";
import { compileRoles } from "../compile-roles.ts";
import { completeByKind } from "../complete.ts";
import type { CatalogSnapshot, RoleSnapshot } from "../snapshot.ts";
import { type CatalogDifference, movingRoles } from "./catalog-difference.ts";
import type { Moves, Questions } from "./moves.ts";
import type { MemberStates, PermissionEffects } from "./permission-effects.ts";
import { placesOf, type Rights, type Whereabouts } from "./rights.ts";
import { type BoundRole, boundRoles, rightsGiver, roleNamed } from "./rights-from-rows.ts";

export interface CatalogChange {
  readonly before: CatalogSnapshot;
  readonly after: CatalogSnapshot;
  readonly difference: CatalogDifference;
  readonly moves: Moves;
}

/**
 * Adds what a catalog's change moves in an org whose own rows stay as they are, if that can be said from its rows.
 * False, with nothing added: facts of the org are needed, which only compiling it gives.
 */
export type AddDecidedByCatalog = (source: OrgSource, effects: PermissionEffects) => boolean;

/**
 * The short way: only members who hold a role that says otherwise are looked at, and what roles say together is worked
 * out once for equal roles, also for those that orgs declare themselves.
 */
export function decidedByCatalog(change: CatalogChange): AddDecidedByCatalog {
  const known = new Map<string, RolesOfOrg>();
  return ({ slug, resources: rows }, effects) => {
    const declared = rows.filter(({ kind }) => kind === "role");
    // Roles stand in the order of their addresses, so it matters on which side of the catalog's an org's own are.
    const scope = slug < "catalog" ? "a" : "z";
    const text =
      declared.length === 0 ? "" : scope + JSON.stringify(declared.map(({ key, fields }) => [key, fields]));
    const roles = known.get(text) ?? rolesOf(declared, scope, change);
    known.set(text, roles);
    const { moving, rightsBefore, rightsAfter } = roles;
    if (!rows.some((row) => row.kind === "binding" && moving.has(roleNamed(row)))) return true;
    const resources = whereabouts(rows);
    const states: MemberStates[] = [];
    for (const [member, bound] of boundRoles(rows)) {
      if (!bound.some(({ role }) => moving.has(role))) continue;
      const [was, is] = [rightsBefore(bound), rightsAfter(bound)];
      if (placesOf(was, is, resources, []).some(change.moves.needFacts)) return false;
      const state = { org: slug, member, before: was, after: is, resources, varied: [] };
      states.push(state);
    }
    for (const state of states) effects.add(state, noFacts);
    return true;
  };
}

function noFacts(): Questions {
  throw new Error("facts are needed of an org that was not compiled");
}

/** The roles that bindings of an org can name, on both sides. */
interface RolesOfOrg {
  /** As bindings name them. */
  readonly moving: ReadonlySet<string>;
  readonly rightsBefore: (bound: readonly BoundRole[]) => Rights;
  readonly rightsAfter: (bound: readonly BoundRole[]) => Rights;
}

function rolesOf(declared: readonly Resource[], scope: string, change: CatalogChange): RolesOfOrg {
  const { before, after, difference } = change;
  const ownBefore = ownRoles(declared, scope, before);
  const ownAfter = ownRoles(declared, scope, after);
  const moving = movingRoles(
    { permissions: before.permissions, roles: ownBefore },
    { permissions: after.permissions, roles: ownAfter },
    difference.facts,
  );
  return {
    moving: new Set([...difference.roles, ...[...moving].map((name) => ` ${name}`)]),
    rightsBefore: rightsGiver({ catalog: before, own: ownBefore }),
    rightsAfter: rightsGiver({ catalog: after, own: ownAfter }),
  };
}

function ownRoles(
  declared: readonly Resource[],
  scope: string,
  catalog: CatalogSnapshot,
): ReadonlyMap<string, RoleSnapshot> {
  const roles = completeByKind(declared)("role").map(({ key, fields }) => ({
    ...fields,
    name: key,
    address: addressOf(scope, "role", key),
  }));
  return compileRoles(roles, { vocabulary: catalog, inherited: catalog.roles });
}

function whereabouts(rows: readonly Resource[]): ReadonlyMap<string, Whereabouts> {
  const found = new Map<string, Whereabouts>();
  for (const { kind, key, fields } of rows) {
    if (kind !== "resource") continue;
    const { type, workspace, environment } = fields as Record<string, string | null | undefined>;
    found.set(key, { type: type ?? "", workspace: workspace ?? null, environment: environment ?? null });
  }
  return found;
}
