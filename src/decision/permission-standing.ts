import type { Question } from "./question.ts";
import type { HeldRoles, KnownResource, MemberSnapshot, PermissionSnapshot, SetClause } from "./snapshot.ts";

/** Who asks for what, and where. */
export interface Standing {
  readonly question: Question;
  readonly permission: PermissionSnapshot;
  readonly member: MemberSnapshot;
  readonly workspace: string | null;
  readonly environment: string | null;
  readonly resource: KnownResource | null;
}

/** Where roles may be held that count, in the order in which they are asked. */
export const levels = ["org", "resource", "workspace", "environment"] as const;

export type Level = (typeof levels)[number];

/**
 * Roles held in a place count for the permissions of that place and of places within it; those held at org level
 * for the org's own, and for the others only where the role says so; those held on a resource for its type's.
 * null: none are held there, or they do not count.
 */
export function heldAt(level: Level, standing: Standing): HeldRoles | null {
  const { permission, member } = standing;
  const { inOrg, elsewhere } = member;
  if (level === "org") return permission.scope === "org" || inOrg === null ? inOrg : inOrg.across;
  const place = placeAt(level, standing);
  if (elsewhere === null || place === null) return null;
  switch (level) {
    case "resource":
      return standing.resource?.type === permission.type ? (elsewhere.onResources.get(place) ?? null) : null;
    case "workspace":
      return permission.scope === "org" ? null : (elsewhere.inWorkspaces.get(place) ?? null);
    case "environment":
      return permission.scope === "environment" ? (elsewhere.inEnvironments.get(place) ?? null) : null;
  }
}

/** The binding by which a clause's role is held: `acme/binding/ana@acme.example:owner`, `acme/binding/team ops:editor@web`. */
export function bindingOf(
  { set, teams }: HeldRoles,
  { role }: Pick<SetClause, "role">,
  level: Level,
  standing: Standing,
): string {
  const { question, member } = standing;
  const team = teams[role];
  const holder = team === null || team === undefined ? member.key : `team ${team}`;
  const place = placeAt(level, standing);
  const held = `${question.org.slug}/binding/${holder}:${set.roles[role]}`;
  return place === null ? held : `${held}@${place}`;
}

function placeAt(level: Level, { workspace, environment, resource }: Standing): string | null {
  switch (level) {
    case "org":
      return null;
    case "resource":
      return resource?.key ?? null;
    case "workspace":
      return workspace;
    case "environment":
      return environment;
  }
}
