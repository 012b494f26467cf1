import { byCodeUnit } from "../model/value.ts";
import { teamsOfMembers } from "./compile-members.ts";
import type { OrgSource } from "./compile-org.ts";
import { type Complete, completeByKind } from "./complete.ts";
import type { CatalogSnapshot } from "./snapshot.ts";

/** A member who holds a role in the whole org. */
export interface Holder {
  /** The member's key. */
  readonly member: string;
  readonly isActive: boolean;
  /** Active, and a person: a service does not sign in. */
  readonly canSignIn: boolean;
}

/** A role that some members of every org must hold. */
export interface DemandedRole {
  readonly role: string;
  /** How many active members must hold it. */
  readonly atLeast: number;
  /** Everyone who holds it in the whole org, active or not. */
  readonly holders: readonly Holder[];
}

type Rows = Pick<OrgSource, "resources">;

/**
 * Every role of the catalog or of the org that says `at_least`, and who holds it, by name. Rows of other kinds than
 * role, member, team, team_member and binding are not looked at.
 */
export function ownersOf(catalog: Pick<CatalogSnapshot, "roles">, source: Rows): readonly DemandedRole[] {
  const all = completeByKind(source.resources);
  const demanded = new Map<string, number>();
  for (const { name, atLeast } of catalog.roles.values()) if (atLeast > 0) demanded.set(name, atLeast);
  for (const { key, fields } of all("role")) {
    if ((fields.at_least ?? 0) > 0) demanded.set(key, fields.at_least ?? 0);
  }
  if (demanded.size === 0) return [];
  const found = holdersByRole(all);
  return [...demanded]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([role, atLeast]) => ({ role, atLeast, holders: found(role) }));
}

/**
 * Who holds a role in the whole org, by themselves or by a team, also one below a team that holds it; by the
 * member's key. A role that is held in a workspace, an environment or on a resource does not count, nor does one that
 * only inherits from it.
 */
export function holdersOf({ resources }: Rows, role: string): readonly Holder[] {
  return holdersByRole(completeByKind(resources))(role);
}

function holdersByRole(all: ReturnType<typeof completeByKind>): (role: string) => readonly Holder[] {
  const members = all("member");
  const bindings = all("binding").filter(isOfWholeOrg);
  const teams = teamsOfMembers({ teams: all("team"), teamMembers: all("team_member") });
  return (role) => {
    const bound = bindings.filter(({ fields }) => (fields.role ?? fields.catalog_role) === role);
    const named = new Set(bound.map(({ fields }) => fields.member));
    const byTeam = new Set(bound.flatMap(({ fields }) => fields.team ?? []));
    return members
      .filter(({ key }) => named.has(key) || teams.get(key)?.some((team) => byTeam.has(team)))
      .map(holderOf)
      .sort((a, b) => byCodeUnit(a.member, b.member));
  };
}

function isOfWholeOrg({ fields }: Complete<"binding">): boolean {
  return fields.workspace === null && fields.environment === null && fields.resource === null;
}

function holderOf({ key, fields }: Complete<"member">): Holder {
  const isActive = fields.status === "active";
  return { member: key, isActive, canSignIn: isActive && fields.type === "user" };
}
