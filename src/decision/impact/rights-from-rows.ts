import type { Resource } from "../../model/state.ts";
import { byCodeUnit, type Value } from "../../model/value.ts";
import { teamsOfMembers } from "../compile-members.ts";
import { completeByKind } from "../complete.ts";
import { roleSets } from "../role-set.ts";
import type { CatalogSnapshot, RoleSnapshot } from "../snapshot.ts";
import type { Holding, Rights } from "./rights.ts";

type Fields = Readonly<Record<string, Value>>;

/** The roles of one side that an org's bindings can name. */
export interface RolesInReach {
  readonly catalog: CatalogSnapshot;
  readonly own: ReadonlyMap<string, RoleSnapshot>;
}

export interface BoundRole {
  /** As `roleNamed` says it. */
  readonly role: string;
  readonly team: string | null;
  readonly fields: Fields;
}

/**
 * What each active member holds, from the rows alone: by member's key, the bindings in the order in which the runtime
 * finds them, the member's own before those of teams. Much less than compiling the members, who are many.
 */
export function boundRoles(rows: readonly Resource[]): ReadonlyMap<string, readonly BoundRole[]> {
  const ofTeams = new Map<string, BoundRole[]>();
  const ofMembers = new Map<string, BoundRole[]>();
  const members: string[] = [];
  for (const { kind, key, fields } of rows) {
    if (kind === "member" && (fields.status ?? "active") === "active") members.push(key);
    if (kind !== "binding") continue;
    const { member = null, team = null } = fields as { member?: string | null; team?: string | null };
    const bound = { role: roleNamed({ fields }), team: member === null ? team : null, fields };
    if (member === null) add(ofTeams, team ?? "", bound);
    else add(ofMembers, member, bound);
  }
  if (ofTeams.size === 0) return new Map(members.map((key) => [key, ofMembers.get(key) ?? []]));
  const teams = teamsByMember(rows);
  return new Map(
    members.map((key) => {
      const byTeam = (teams.get(key) ?? []).flatMap((team) => ofTeams.get(team) ?? []);
      return [key, [...(ofMembers.get(key) ?? []), ...byTeam]];
    }),
  );
}

function teamsByMember(rows: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  const all = completeByKind(rows);
  return teamsOfMembers({ teams: all("team"), teamMembers: all("team_member") });
}

function add(map: Map<string, BoundRole[]>, key: string, bound: BoundRole): void {
  const there = map.get(key);
  if (there) there.push(bound);
  else map.set(key, [bound]);
}

/** Gives what bindings amount to on one side; the same as `compileMembers` would say. */
export function rightsGiver({ catalog, own }: RolesInReach): (bound: readonly BoundRole[]) => Rights {
  const ownSets = roleSets();
  const holding = (bound: readonly BoundRole[], counts: (role: RoleSnapshot) => boolean): Holding | null => {
    const held: { readonly role: RoleSnapshot; readonly team: string | null }[] = [];
    for (const { role: name, team } of bound) {
      const role = isOwn(name) ? own.get(name.slice(1)) : catalog.roles.get(name);
      if (role && counts(role) && !held.some((each) => each.role === role)) held.push({ role, team });
    }
    if (held.length === 0) return null;
    if (held.length > 1) held.sort((a, b) => byCodeUnit(a.role.address, b.role.address));
    const roles = held.map(({ role }) => role);
    const isShared = roles.every((role) => catalog.roles.get(role.name) === role);
    return { set: (isShared ? catalog.roleSets : ownSets).of(roles), teams: held.map(({ team }) => team) };
  };
  const byPlace = (places: ReadonlyMap<string, readonly BoundRole[]>): ReadonlyMap<string, Holding> => {
    if (places.size === 0) return nowhere;
    return new Map(
      [...places].flatMap(([place, bound]) => {
        const there = holding(bound, always);
        return there ? [[place, there] as const] : [];
      }),
    );
  };
  return (bound) => {
    const { inOrg, inWorkspaces, inEnvironments, onResources } = byLevel(bound);
    return {
      inOrg: holding(inOrg, always),
      across: holding(inOrg, isAcross),
      inWorkspaces: byPlace(inWorkspaces),
      inEnvironments: byPlace(inEnvironments),
      onResources: byPlace(onResources),
    };
  };
}

/** The role that a binding names; an org's own begins with a blank, which no name does. */
export function roleNamed({ fields }: Pick<Resource, "fields">): string {
  return fields.role == null ? String(fields.catalog_role) : ` ${fields.role}`;
}

function isOwn(role: string): boolean {
  return role.startsWith(" ");
}

const nowhere: ReadonlyMap<string, Holding> = new Map();
const always = () => true;
const isAcross = (role: RoleSnapshot) => role.isAcross;

function byLevel(bound: readonly BoundRole[]) {
  const inOrg: BoundRole[] = [];
  const inWorkspaces = new Map<string, BoundRole[]>();
  const inEnvironments = new Map<string, BoundRole[]>();
  const onResources = new Map<string, BoundRole[]>();
  for (const each of bound) {
    const { resource, environment, workspace } = each.fields;
    if (resource != null) add(onResources, String(resource), each);
    else if (environment != null) add(inEnvironments, String(environment), each);
    else if (workspace != null) add(inWorkspaces, String(workspace), each);
    else inOrg.push(each);
  }
  return { inOrg, inWorkspaces, inEnvironments, onResources };
}
