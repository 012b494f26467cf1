import { addressOf } from "../model/address.ts";
import { byCodeUnit } from "../model/value.ts";
import type { Complete } from "./complete.ts";
import type { Attributes } from "./question.ts";
import { roleSets } from "./role-set.ts";
import type { CatalogSnapshot, HeldRoles, MemberSnapshot, RoleSnapshot } from "./snapshot.ts";

export interface People {
  readonly members: readonly Complete<"member">[];
  readonly teams: readonly Complete<"team">[];
  readonly teamMembers: readonly Complete<"team_member">[];
  readonly bindings: readonly Complete<"binding">[];
}

export interface PeopleContext {
  readonly slug: string;
  readonly ownRoles: ReadonlyMap<string, RoleSnapshot>;
  readonly catalog: Pick<CatalogSnapshot, "roles" | "roleSets">;
  readonly ids: ReadonlyMap<string, string>;
}

/** Members with all that they hold, by themselves and by their teams; by key, address and user id. */
export function compileMembers(people: People, context: PeopleContext): ReadonlyMap<string, MemberSnapshot> {
  const teams = teamsOfMembers(people);
  const bindings = new Map<string, Complete<"binding">[]>();
  for (const binding of people.bindings)
    hold(bindings, subjectOf(binding.fields.member, binding.fields.team), binding);
  const heldOf = heldRoles(context);
  const members = people.members.map((member): MemberSnapshot => {
    const own = teams.get(member.key) ?? [];
    const subjects = [subjectOf(member.key, null), ...own.map((team) => subjectOf(null, team))];
    const held = subjects.flatMap((subject) => bindings.get(subject) ?? []);
    return { ...personOf(member, context), teams: own, ...heldOf(held) };
  });
  return byEveryName(members);
}

function subjectOf(member: string | null, team: string | null): string {
  return member === null ? `team ${team}` : `member ${member}`;
}

/** The teams of each member: those that name it, and all above them. */
export function teamsOfMembers({
  teams,
  teamMembers,
}: Pick<People, "teams" | "teamMembers">): ReadonlyMap<string, readonly string[]> {
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

function personOf({ key, fields }: Complete<"member">, { slug, ids }: PeopleContext) {
  return {
    key,
    id: ids.get(key) ?? null,
    userId: fields.user_id,
    email: fields.email,
    type: fields.type ?? "user",
    status: fields.status ?? "active",
    address: addressOf(slug, "member", key),
    attributes: (fields.attributes ?? {}) as Attributes,
  };
}

interface Held {
  readonly role: RoleSnapshot;
  readonly through: string;
}

/** Sorts what a member holds by place. */
function heldRoles(context: PeopleContext) {
  const together = heldTogether(context);
  return (bindings: readonly Complete<"binding">[]) => {
    const inOrg: Held[] = [];
    const inWorkspaces = new Map<string, Held[]>();
    const inEnvironments = new Map<string, Held[]>();
    const onResources = new Map<string, Held[]>();
    for (const { key, fields } of bindings) {
      const { role: own, catalog_role, workspace, environment, resource } = fields;
      const role = own === null ? context.catalog.roles.get(catalog_role ?? "") : context.ownRoles.get(own);
      if (!role) continue;
      const held = { role, through: addressOf(context.slug, "binding", key) };
      if (resource !== null) hold(onResources, resource, held);
      else if (environment !== null) hold(inEnvironments, environment, held);
      else if (workspace !== null) hold(inWorkspaces, workspace, held);
      else inOrg.push(held);
    }
    const byPlace = (places: ReadonlyMap<string, readonly Held[]>): ReadonlyMap<string, HeldRoles> =>
      places.size === 0 ? nowhere : new Map([...places].map(([place, held]) => [place, together(held)]));
    const across = inOrg.filter(({ role }) => role.isAcross);
    return {
      inOrg: inOrg.length === 0 ? null : together(inOrg),
      across: across.length === 0 ? null : together(across),
      inWorkspaces: byPlace(inWorkspaces),
      inEnvironments: byPlace(inEnvironments),
      onResources: byPlace(onResources),
    };
  };
}

const nowhere: ReadonlyMap<string, HeldRoles> = new Map();

/** Joins roles into a set; those of the catalog alone are the same set in every org. */
function heldTogether({ catalog }: PeopleContext): (held: readonly Held[]) => HeldRoles {
  const ownSets = roleSets();
  return (held) => {
    // Held twice, it is held by the first.
    const once = [...new Map([...held].reverse().map((each) => [each.role.address, each])).values()];
    once.sort((a, b) => byCodeUnit(a.role.address, b.role.address));
    const roles = once.map(({ role }) => role);
    const isShared = roles.every((role) => catalog.roles.get(role.name) === role);
    return {
      set: (isShared ? catalog.roleSets : ownSets)(roles),
      through: once.map(({ through }) => through),
    };
  };
}

function hold<T>(places: Map<string, T[]>, place: string, held: T): void {
  const there = places.get(place);
  if (there) there.push(held);
  else places.set(place, [held]);
}

/** One person's user id never takes the place of another's key. */
function byEveryName(members: readonly MemberSnapshot[]): ReadonlyMap<string, MemberSnapshot> {
  const named = new Map(members.map((member) => [member.key, member]));
  for (const member of members) {
    for (const name of [member.email?.toLowerCase(), member.userId]) {
      if (name && !named.has(name)) named.set(name, member);
    }
  }
  return named;
}
