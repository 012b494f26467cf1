import { byCodeUnit } from "../model/value.ts";
import type { Complete } from "./complete.ts";
import { noAttributes, noEntries, noItems } from "./nothing.ts";
import type { Attributes } from "./question.ts";
import { type RoleSets, roleSets } from "./role-set.ts";
import type { CatalogSnapshot, HeldRoles, MemberSnapshot, RoleSnapshot } from "./snapshot.ts";
import { wellKnown } from "./well-known.ts";

export interface People {
  readonly members: readonly Complete<"member">[];
  readonly teams: readonly Complete<"team">[];
  readonly teamMembers: readonly Complete<"team_member">[];
  readonly bindings: readonly Complete<"binding">[];
}

export interface PeopleContext {
  readonly ownRoles: ReadonlyMap<string, RoleSnapshot>;
  readonly catalog: Pick<CatalogSnapshot, "roles" | "roleSets">;
  readonly ids: ReadonlyMap<string, string>;
}

/** Members with all that they hold, by themselves and by their teams; by key, address and user id. */
export function compileMembers(people: People, context: PeopleContext): ReadonlyMap<string, MemberSnapshot> {
  if (people.members.length === 0) return noEntries;
  const teams = teamsOfMembers(people);
  const { ofMembers, ofTeams } = bindingsBySubject(people.bindings);
  const held = heldTogether(context);
  return byEveryName(
    people.members.map((member) => {
      const own = teams.get(member.key) ?? noItems;
      let bindings: readonly Bound[] = ofMembers.get(member.key) ?? noItems;
      if (own.length > 0 && ofTeams.size > 0)
        bindings = [...bindings, ...own.flatMap((team) => ofTeams.get(team) ?? [])];
      return compileMember(member, own, { ...context, bindings, held });
    }),
  );
}

type Bound = Complete<"binding">["fields"];

function bindingsBySubject(bindings: People["bindings"]) {
  const ofMembers = new Map<string, Bound[]>();
  const ofTeams = new Map<string, Bound[]>();
  for (const { fields } of bindings) {
    if (fields.member !== null) put(ofMembers, fields.member, fields);
    else put(ofTeams, fields.team ?? "", fields);
  }
  return { ofMembers, ofTeams };
}

/** The teams of each member: those that name it, and all above them. */
export function teamsOfMembers({
  teams,
  teamMembers,
}: Pick<People, "teams" | "teamMembers">): ReadonlyMap<string, readonly string[]> {
  if (teamMembers.length === 0) return noEntries;
  const parents = new Map(teams.map(({ key, fields }) => [key, fields.parent]));
  const ofMembers = new Map<string, Set<string>>();
  for (const { fields } of teamMembers) {
    const joined = ofMembers.get(fields.member ?? "") ?? new Set<string>();
    ofMembers.set(fields.member ?? "", joined);
    for (let team = fields.team; team !== null && !joined.has(team); team = parents.get(team) ?? null)
      joined.add(team);
  }
  return new Map([...ofMembers].map(([member, joined]) => [member, [...joined]]));
}

interface MemberContext extends PeopleContext {
  readonly bindings: readonly Bound[];
  readonly held: (held: readonly Held[]) => HeldRoles;
}

function compileMember(
  { key, fields }: Complete<"member">,
  teams: readonly string[],
  context: MemberContext,
): MemberSnapshot {
  const { email, user_id, type, status, attributes } = fields;
  const { inOrg, elsewhere } = rolesOf(context);
  return {
    status: wellKnown(status ?? "active"),
    type: wellKnown(type ?? "user"),
    inOrg,
    elsewhere,
    key,
    id: context.ids.get(key) ?? null,
    // Equal, they are one string in memory.
    userId: user_id === key ? key : user_id,
    email: email === key ? key : email,
    attributes: isEmpty(attributes as Attributes | null) ? noAttributes : (attributes as Attributes),
    teams,
  };
}

function isEmpty(attributes: Attributes | null): boolean {
  for (const _ in attributes) return false;
  return true;
}

interface Held {
  readonly role: RoleSnapshot;
  /** null: by the member itself. */
  readonly team: string | null;
}

type Roles = Pick<MemberSnapshot, "inOrg" | "elsewhere">;

/** Sorts what a member holds by place. */
function rolesOf({ bindings, held, ownRoles, catalog }: MemberContext): Roles {
  const inOrg: Held[] = [];
  const places = { inWorkspaces: none, inEnvironments: none, onResources: none };
  let isElsewhere = false;
  const putIn = (level: keyof typeof places, place: string, each: Held) => {
    isElsewhere = true;
    if (places[level] === none) places[level] = new Map();
    put(places[level], place, each);
  };
  for (const { role: own, catalog_role, workspace, environment, resource, member, team } of bindings) {
    const role = own === null ? catalog.roles.get(catalog_role ?? "") : ownRoles.get(own);
    if (!role) continue;
    const each = { role, team: member === null ? team : null };
    if (resource !== null) putIn("onResources", resource, each);
    else if (environment !== null) putIn("inEnvironments", environment, each);
    else if (workspace !== null) putIn("inWorkspaces", workspace, each);
    else inOrg.push(each);
  }
  const byPlace = (level: ReadonlyMap<string, readonly Held[]>): ReadonlyMap<string, HeldRoles> =>
    level === none ? noEntries : new Map([...level].map(([place, there]) => [place, held(there)]));
  const { inWorkspaces, inEnvironments, onResources } = places;
  return {
    inOrg: inOrg.length === 0 ? null : held(inOrg),
    elsewhere: isElsewhere
      ? {
          inWorkspaces: byPlace(inWorkspaces),
          inEnvironments: byPlace(inEnvironments),
          onResources: byPlace(onResources),
        }
      : null,
  };
}

const none: Map<string, Held[]> = new Map();

/** Joins roles into a set; those of the catalog alone are the same set in every org. */
function heldTogether({ catalog }: PeopleContext): (held: readonly Held[]) => HeldRoles {
  let ownSets: RoleSets | null = null;
  return (held) => {
    const once = held.length === 1 ? held : inOrder(held);
    const roles = once.map(({ role }) => role);
    let sets = catalog.roleSets;
    if (!roles.every((role) => catalog.roles.get(role.name) === role)) {
      ownSets ??= roleSets();
      sets = ownSets;
    }
    const isDirect = once.every(({ team }) => team === null);
    return isDirect
      ? sets.directly(roles)
      : sets.through(
          roles,
          once.map(({ team }) => team),
        );
  };
}

/** Held twice, it is held by the first. */
function inOrder(held: readonly Held[]): readonly Held[] {
  const once = held.filter(({ role }, at) => held.findIndex((each) => each.role === role) === at);
  return once.sort((a, b) => byCodeUnit(a.role.address, b.role.address));
}

function put<T>(places: Map<string, T[]>, place: string, held: T): void {
  const there = places.get(place);
  if (there) there.push(held);
  else places.set(place, [held]);
}

/** One person's user id never takes the place of another's key. */
function byEveryName(members: readonly MemberSnapshot[]): ReadonlyMap<string, MemberSnapshot> {
  const named = new Map<string, MemberSnapshot>();
  for (const member of members) named.set(member.key, member);
  for (const member of members) {
    const { email, userId } = member;
    if (email) nameOnce(named, email.toLowerCase(), member);
    if (userId) nameOnce(named, userId, member);
  }
  return named;
}

function nameOnce(named: Map<string, MemberSnapshot>, name: string, member: MemberSnapshot): void {
  if (!named.has(name)) named.set(name, member);
}
