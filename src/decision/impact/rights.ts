import type { HeldRoles, KnownResource, MemberSnapshot, OrgSnapshot, RoleSet } from "../snapshot.ts";
import type { Place } from "./impact.ts";

/** The roles that a member holds at one level, and by which team each; null: directly. */
export interface Holding {
  readonly set: RoleSet;
  readonly teams: readonly (string | null)[];
}

/** All that a member holds. */
export interface Rights {
  readonly inOrg: Holding | null;
  readonly across: Holding | null;
  readonly inWorkspaces: ReadonlyMap<string, Holding>;
  readonly inEnvironments: ReadonlyMap<string, Holding>;
  readonly onResources: ReadonlyMap<string, Holding>;
}

/** Where an object is. */
export type Whereabouts = Pick<KnownResource, "type" | "workspace" | "environment">;

/** The levels that count at a place: in the org, across workspaces, in the workspace, in the environment, on the resource. */
export type Levels = readonly [
  Holding | null,
  Holding | null,
  Holding | null,
  Holding | null,
  Holding | null,
];

export interface RightsAt {
  readonly place: Place;
  /** The type of the resource; null elsewhere. */
  readonly type: string | null;
  readonly before: Levels;
  readonly after: Levels;
}

export const noRights: Rights = {
  inOrg: null,
  across: null,
  inWorkspaces: new Map(),
  inEnvironments: new Map(),
  onResources: new Map(),
};

/** What a compiled member holds. */
export function rightsOf(member: MemberSnapshot): Rights {
  const holding = (held: HeldRoles | null) =>
    held && { set: held.set, teams: held.through.map((address) => teamOf(address, member)) };
  const all = (places: ReadonlyMap<string, HeldRoles>) =>
    new Map([...places].map(([place, held]) => [place, holding(held) as Holding]));
  return {
    inOrg: holding(member.inOrg),
    across: holding(member.across),
    inWorkspaces: all(member.inWorkspaces),
    inEnvironments: all(member.inEnvironments),
    onResources: all(member.onResources),
  };
}

/** The team of `acme/binding/team release:editor@web`; null for a member's own. Of two that fit it is the longer name. */
function teamOf(address: string, { teams }: MemberSnapshot): string | null {
  const key = address.slice(address.indexOf("/binding/") + "/binding/".length);
  const fitting = teams.filter((team) => key.startsWith(`team ${team}:`));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** The places where an org's rows name a resource, by its key. */
export function whereaboutsIn({ resources }: OrgSnapshot): ReadonlyMap<string, Whereabouts> {
  return new Map(
    [...resources.values()].flatMap((alike) => [...alike.values()].map((each) => [each.key, each])),
  );
}

/** Whether a member holds anything at all. */
export function holdsAnything({ inOrg, inWorkspaces, inEnvironments, onResources }: Rights): boolean {
  return inOrg !== null || inWorkspaces.size + inEnvironments.size + onResources.size > 0;
}

/** Every place where two states of a member's rights can differ, the wider first. */
export function placesOf(
  before: Rights,
  after: Rights,
  resources: ReadonlyMap<string, Whereabouts>,
): readonly RightsAt[] {
  const at = (place: Place, levels: (rights: Rights) => Levels, type: string | null = null): RightsAt => ({
    place,
    type,
    before: levels(before),
    after: levels(after),
  });
  const places: RightsAt[] = [];
  if (before.inOrg ?? after.inOrg)
    places.push(at({ in: "org" }, ({ inOrg }) => [inOrg, null, null, null, null]));
  if (before.across ?? after.across)
    places.push(at({ in: "workspaces" }, ({ across }) => [null, across, null, null, null]));
  for (const name of named(before.inWorkspaces, after.inWorkspaces))
    places.push(
      at({ in: "workspace", name }, (rights) => [null, rights.across, inWorkspace(rights, name), null, null]),
    );
  for (const name of named(before.inEnvironments, after.inEnvironments)) {
    places.push(at({ in: "environment", name }, (rights) => inEnvironment(rights, name)));
  }
  for (const name of named(before.onResources, after.onResources)) {
    const whereabouts = resources.get(name);
    if (!whereabouts) continue;
    const levels = (rights: Rights) => onResource(rights, name, whereabouts);
    places.push(at({ in: "resource", name }, levels, whereabouts.type));
  }
  return places;
}

function named(before: ReadonlyMap<string, Holding>, after: ReadonlyMap<string, Holding>): Iterable<string> {
  if (before.size + after.size === 0) return [];
  return new Set([...before.keys(), ...after.keys()]);
}

function inWorkspace({ inWorkspaces }: Rights, workspace: string | null): Holding | null {
  return workspace === null ? null : (inWorkspaces.get(workspace) ?? null);
}

function inEnvironment(rights: Rights, name: string): Levels {
  const there = rights.inEnvironments.get(name) ?? null;
  return [null, rights.across, inWorkspace(rights, workspaceOf(name)), there, null];
}

function onResource(rights: Rights, name: string, { workspace, environment }: Whereabouts): Levels {
  const around = workspace ?? (environment === null ? null : workspaceOf(environment));
  return [
    rights.inOrg,
    rights.across,
    inWorkspace(rights, around),
    environment === null ? null : (rights.inEnvironments.get(environment) ?? null),
    rights.onResources.get(name) ?? null,
  ];
}

/** An environment's key begins with its workspace: `web/live`. */
function workspaceOf(environment: string): string {
  return environment.slice(0, environment.indexOf("/"));
}
