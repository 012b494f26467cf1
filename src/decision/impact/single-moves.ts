import { canonicalText, type Value } from "../../model/value.ts";
import type { PermissionSnapshot } from "../snapshot.ts";
import type { PermissionEffect } from "./impact.ts";
import type { Levels, RightsAt } from "./rights.ts";
import { type Judged, type Side, type Source, standingOf } from "./standing.ts";

/** One permission that moves at one place. */
export interface SingleMove extends Omit<PermissionEffect, "permissions" | "holders"> {
  /** From what to what, to be compared. */
  readonly difference: string;
  /** Which holding the role is in, before or after. */
  readonly held: "before" | "after";
  readonly source: Source;
  /** Equal for the same role, held at the same level. */
  readonly by: string;
}

/** A permission in both catalogs, as far as it is there. */
export interface PermissionPair {
  readonly key: string;
  readonly before: PermissionSnapshot | undefined;
  readonly after: PermissionSnapshot | undefined;
}

export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** What moves at one place for whoever holds the roles that count there, by permission. */
export function singleMoves(
  at: RightsAt,
  pairs: readonly PermissionPair[],
  sides: Sides,
): ReadonlyMap<string, SingleMove> {
  const moving = new Map<string, SingleMove>();
  for (const pair of pairs) {
    if (at.place.in === "org" && !isOfOrg(pair)) continue;
    const before = judgedAt(at, at.before, pair.before, sides.before);
    const after = judgedAt(at, at.after, pair.after, sides.after);
    const single = before.text === after.text ? null : singleOf(at, before, after);
    if (single) moving.set(pair.key, single);
  }
  return moving;
}

/** What belongs to workspaces is told of all of them, unless it belonged to the org, or will. */
function isOfOrg({ before, after }: PermissionPair): boolean {
  return before?.scope === "org" || after?.scope === "org";
}

const unsaid: Judged = { standing: "never", text: "never", source: null, denial: null };

function judgedAt(
  at: RightsAt,
  levels: Levels,
  permission: PermissionSnapshot | undefined,
  side: Side,
): Judged {
  if (!permission) return unsaid;
  return standingOf(countingFor(permission, levels, at.type), permission, side);
}

/** The levels that count for a permission, as the runtime has it; the others are empty. */
function countingFor({ scope, type }: PermissionSnapshot, levels: Levels, resourceType: string | null) {
  const [inOrg, across, inWorkspace, inEnvironment, onResource] = levels;
  const isOrg = scope === "org";
  return [
    isOrg ? inOrg : null,
    isOrg ? null : across,
    isOrg ? null : inWorkspace,
    scope === "environment" ? inEnvironment : null,
    type === resourceType ? onResource : null,
  ].map((level) => level?.set ?? null);
}

const rank = ({ standing }: Judged) => (standing === "never" ? 0 : standing === "always" ? 2 : 1);

function singleOf(at: RightsAt, before: Judged, after: Judged): SingleMove | null {
  const difference = rank(after) - rank(before);
  const direction = difference > 0 ? "gains" : difference < 0 ? "loses" : "changes";
  const isDenied = direction === "loses" && after.denial !== null && isDeniedAnew(before, after);
  const held = isDenied || after.source !== null ? "after" : "before";
  const source = isDenied ? after.denial : (after.source ?? before.source);
  if (source === null) return null;
  const role = at[held][source.set]?.set.roles[source.role] ?? "";
  return {
    direction,
    before: before.standing,
    after: after.standing,
    role,
    isDenied,
    held,
    source,
    difference: `${before.text} → ${after.text}`,
    by: `${held} ${source.set} ${source.role} ${role}`,
  };
}

/** A denial that stood before, on the same conditions, is not what takes anything away. */
function isDeniedAnew({ standing: before }: Judged, { standing: after }: Judged): boolean {
  const unless = (standing: Judged["standing"]) => (typeof standing === "string" ? [] : standing.unless);
  return (
    after === "never" ||
    canonicalText(unless(before) as unknown as Value) !== canonicalText(unless(after) as unknown as Value)
  );
}
