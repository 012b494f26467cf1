import { addressOf } from "../model/address.ts";
import type { Complete } from "./complete.ts";
import type { Attributes } from "./question.ts";
import type { HeldRole, MemberSnapshot, RoleSnapshot } from "./snapshot.ts";

export interface People {
  readonly members: readonly Complete<"member">[];
  readonly teams: readonly Complete<"team">[];
  readonly teamMembers: readonly Complete<"team_member">[];
  readonly bindings: readonly Complete<"binding">[];
}

export interface PeopleContext {
  readonly slug: string;
  readonly ownRoles: ReadonlyMap<string, RoleSnapshot>;
  readonly catalogRoles: ReadonlyMap<string, RoleSnapshot>;
  readonly ids: ReadonlyMap<string, string>;
}

/** Members with all that they hold, by themselves and by their teams; by key, address and user id. */
export function compileMembers(people: People, context: PeopleContext): ReadonlyMap<string, MemberSnapshot> {
  const teams = teamsOfMembers(people);
  const bindings = new Map<string, Complete<"binding">[]>();
  for (const binding of people.bindings)
    hold(bindings, subjectOf(binding.fields.member, binding.fields.team), binding);
  const members = people.members.map((member): MemberSnapshot => {
    const own = teams.get(member.key) ?? [];
    const subjects = [subjectOf(member.key, null), ...own.map((team) => subjectOf(null, team))];
    const held = subjects.flatMap((subject) => bindings.get(subject) ?? []);
    return { ...personOf(member, context), teams: own, ...heldRoles(held, context) };
  });
  return byEveryName(members);
}

function subjectOf(member: string | null, team: string | null): string {
  return member === null ? `team ${team}` : `member ${member}`;
}

/** The teams of each member: those that name it, and all above them. */
function teamsOfMembers({ teams, teamMembers }: People): ReadonlyMap<string, readonly string[]> {
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

function heldRoles(bindings: readonly Complete<"binding">[], context: PeopleContext) {
  const inOrg: HeldRole[] = [];
  const inWorkspaces = new Map<string, HeldRole[]>();
  const inEnvironments = new Map<string, HeldRole[]>();
  const onResources = new Map<string, HeldRole[]>();
  for (const { key, fields } of bindings) {
    const role =
      fields.role === null
        ? context.catalogRoles.get(fields.catalog_role ?? "")
        : context.ownRoles.get(fields.role);
    if (!role) continue;
    const held = { role, through: addressOf(context.slug, "binding", key) };
    if (fields.resource !== null) hold(onResources, fields.resource, held);
    else if (fields.environment !== null) hold(inEnvironments, fields.environment, held);
    else if (fields.workspace !== null) hold(inWorkspaces, fields.workspace, held);
    else inOrg.push(held);
  }
  return {
    inOrg,
    across: inOrg.filter(({ role }) => role.isAcross),
    inWorkspaces,
    inEnvironments,
    onResources,
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
