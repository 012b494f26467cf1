import type { OrgSnapshot } from "../../decision/snapshot.ts";
import { sortInTurns } from "./sort-in-turns.ts";

/** What a search can find: ids in order of code units, kept for as long as the snapshot of the org is. */

/** The keys of an org's members, by which evaluations find them. */
export function memberCandidates({ members }: OrgSnapshot): Promise<readonly string[]> {
  return keptFor(members, () => keysOf(members));
}

/** Members are also there by their other names. */
function* keysOf(members: OrgSnapshot["members"]): Iterable<string> {
  for (const [name, { key }] of members) if (name === key) yield key;
}

/** The ids of what the estate knows of a type; the org itself and its places are resources too. */
export function resourceCandidates(org: OrgSnapshot, type: string): Promise<readonly string[]> {
  if (type === "org") return Promise.resolve([org.slug]);
  const known =
    type === "workspace"
      ? org.workspaces
      : type === "environment"
        ? org.environments
        : org.resources.get(type);
  return known ? keptFor(known, () => known.keys()) : Promise.resolve([]);
}

/**
 * The actions of a type, as its resources are asked about them: `write`. At an org and its places everything may be asked;
 * what is of another type by its whole name: `document:write`.
 */
export function actionCandidates({ catalog }: OrgSnapshot, type: string): readonly string[] {
  const isPlace = places.has(type);
  const actions: string[] = [];
  for (const permission of catalog.permissions.values()) {
    if (permission.type === type) actions.push(permission.action);
    else if (isPlace) actions.push(permission.key);
  }
  return actions.sort();
}

const places: ReadonlySet<string> = new Set(["org", "workspace", "environment"]);

const kept = new WeakMap<object, Promise<readonly string[]>>();

function keptFor(source: object, names: () => Iterable<string>): Promise<readonly string[]> {
  const before = kept.get(source);
  if (before) return before;
  const made = sortInTurns(names());
  kept.set(source, made);
  return made;
}
