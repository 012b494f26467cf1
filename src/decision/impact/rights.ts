import type { KnownResource, MemberSnapshot, OrgSnapshot, RoleSet } from "../snapshot.ts";
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
  /** Which of the member's places is the nearest around it; null: none. */
  readonly around: number | null;
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
export function rightsOf({ inOrg, elsewhere }: MemberSnapshot): Rights {
  return { ...noRights, ...elsewhere, inOrg, across: inOrg?.across ?? null };
}

/** The places where an org's rows name a resource, by its key. */
export function whereaboutsIn({ resources }: OrgSnapshot): ReadonlyMap<string, Whereabouts> {
  return new Map(
    [...resources.values()].flatMap((alike) => [...alike.values()].map((each) => [each.key, each])),
  );
}

/**
 * Every place where two states of a member's rights can differ, the wider first; also the workspaces and environments
 * where `varied` facts may make the same rights differ.
 */
export function placesOf(
  before: Rights,
  after: Rights,
  resources: ReadonlyMap<string, Whereabouts>,
  varied: readonly string[],
): readonly RightsAt[] {
  const places: RightsAt[] = [];
  const numbers = new Map<string, number>();
  let widest: number | null = null;
  const add = (place: Place, around: number | null, at: Whereabouts) => {
    if ("name" in place) numbers.set(place.name, places.length);
    else widest = places.length;
    const levels = (rights: Rights) => levelsAt(place, rights, at);
    places.push({
      place,
      around,
      type: place.in === "resource" ? at.type : null,
      before: levels(before),
      after: levels(after),
    });
  };
  if (before.inOrg ?? after.inOrg) add({ in: "org" }, null, nowhere);
  if (before.across ?? after.across) add({ in: "workspaces" }, widest, nowhere);
  for (const name of named(before.inWorkspaces, after.inWorkspaces, varied.filter(isWorkspace)))
    add({ in: "workspace", name }, widest, { ...nowhere, workspace: name });
  const nearest = ({ workspace, environment }: Whereabouts) =>
    numbers.get(environment ?? "") ?? numbers.get(workspace ?? workspaceOf(environment ?? "")) ?? widest;
  for (const name of named(before.inEnvironments, after.inEnvironments, varied.filter(isEnvironment))) {
    const at = { ...nowhere, environment: name };
    add({ in: "environment", name }, nearest(at), at);
  }
  for (const name of named(before.onResources, after.onResources, [])) {
    const at = resources.get(name);
    if (at) add({ in: "resource", name }, nearest(at), at);
  }
  return places;
}

const nowhere: Whereabouts = { type: "", workspace: null, environment: null };

const isEnvironment = (place: string) => place.includes("/");
const isWorkspace = (place: string) => !isEnvironment(place);

function named(
  before: ReadonlyMap<string, Holding>,
  after: ReadonlyMap<string, Holding>,
  varied: readonly string[],
): Iterable<string> {
  if (before.size + after.size + varied.length === 0) return [];
  return new Set([...before.keys(), ...after.keys(), ...varied]);
}

function levelsAt(place: Place, rights: Rights, { workspace, environment }: Whereabouts): Levels {
  const around = workspace ?? (environment === null ? null : workspaceOf(environment));
  return [
    rights.inOrg,
    rights.across,
    around === null ? null : (rights.inWorkspaces.get(around) ?? null),
    environment === null ? null : (rights.inEnvironments.get(environment) ?? null),
    place.in === "resource" ? (rights.onResources.get(place.name) ?? null) : null,
  ];
}

/** An environment's key begins with its workspace: `web/live`. */
function workspaceOf(environment: string): string {
  return environment.slice(0, environment.indexOf("/"));
}
