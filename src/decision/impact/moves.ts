import { byCodeUnit, canonicalText, type Value } from "../../model/value.ts";
import type { Question } from "../question.ts";
import type { CatalogSnapshot, PermissionSnapshot, RoleSet } from "../snapshot.ts";
import type { PermissionEffect, Place } from "./impact.ts";
import type { Levels, RightsAt } from "./rights.ts";
import { type Judged, needsFacts, type Side, type Source, standingOf } from "./standing.ts";

/** Permissions that move alike at a place, by the same role. */
export interface Move extends Omit<PermissionEffect, "holders"> {
  /** Which holding the role is in, before or after, so that its team can be told. */
  readonly held: keyof Pick<RightsAt, "before" | "after">;
  readonly source: Source;
  /** Equal for moves that say the same. */
  readonly text: string;
}

/** The two questions in which the facts of an org, a member and a place are found. */
export interface Questions {
  readonly before: Question;
  readonly after: Question;
}

export interface Moves {
  /** Whether facts are needed to say what moves at a place. */
  readonly needFacts: (at: RightsAt) => boolean;
  /** What moves there, and does not move alike at the wider place around it; no questions where no facts are needed. */
  readonly at: (at: RightsAt, questions: Questions | null) => readonly Move[];
}

interface PermissionPair {
  readonly key: string;
  readonly before: PermissionSnapshot | undefined;
  readonly after: PermissionSnapshot | undefined;
}

/**
 * Says what moves from one catalog to another for whoever holds given sets of roles. What needs no facts is worked out
 * once for equal sets: an estate has few of them, however many members it has.
 */
export function movesBetween(before: CatalogSnapshot, after: CatalogSnapshot): Moves {
  const keys = new Set([...before.permissions.keys(), ...after.permissions.keys()]);
  const pairs = [...keys].map((key) => ({
    key,
    before: before.permissions.get(key),
    after: after.permissions.get(key),
  }));
  const numbers = new WeakMap<RoleSet, number>();
  let count = 0;
  const numberOf = (set: RoleSet) => {
    const number = numbers.get(set) ?? ++count;
    numbers.set(set, number);
    return number;
  };
  const factual = new WeakMap<RoleSet, boolean>();
  const isFactual = (set: RoleSet) => {
    const known = factual.get(set) ?? needsFacts(set);
    factual.set(set, known);
    return known;
  };
  const known = new Map<string, readonly Move[]>();
  return {
    needFacts: (at) => [...at.before, ...at.after].some((level) => level !== null && isFactual(level.set)),
    at(at, questions) {
      const sides = (question: Questions | null) => ({
        before: { catalog: before, question: question?.before ?? null },
        after: { catalog: after, question: question?.after ?? null },
      });
      if (questions) return movesAt(at, pairs, sides(questions));
      let key = `${at.place.in} ${at.type}`;
      for (const level of at.before) key += level ? ` ${numberOf(level.set)}` : " -";
      for (const level of at.after) key += level ? ` ${numberOf(level.set)}` : " -";
      const found = known.get(key) ?? movesAt(at, pairs, sides(null));
      known.set(key, found);
      return found;
    },
  };
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** One permission that moves. */
interface Single extends Omit<Move, "permissions" | "text"> {
  readonly permission: string;
  readonly likeness: string;
}

function movesAt(at: RightsAt, pairs: readonly PermissionPair[], sides: Sides): readonly Move[] {
  const wider = new Set(singles(widened(at), pairs, sides).map(difference));
  const byLikeness = new Map<string, Single[]>();
  for (const single of singles(at, pairs, sides)) {
    if (wider.has(difference(single))) continue;
    const alike = byLikeness.get(single.likeness) ?? [];
    byLikeness.set(single.likeness, alike);
    alike.push(single);
  }
  return [...byLikeness.values()].map((alike) => {
    const { permission: _, likeness: __, ...first } = alike[0] as Single;
    const permissions = alike.map(({ permission }) => permission).sort(byCodeUnit);
    const { before, after, role, isDenied } = first;
    const text = canonicalText([before, after, role, isDenied, permissions] as unknown as Value);
    return { ...first, permissions, text };
  });
}

function difference({ permission, likeness }: Single): string {
  return `${permission} ${likeness.slice(0, likeness.indexOf("\n"))}`;
}

/** The place without its own level; an org and all of its workspaces are the widest. */
function widened({ place, type, before, after }: RightsAt): RightsAt {
  const own = { org: 0, workspaces: 1, workspace: 2, environment: 3, resource: 4 }[place.in];
  const without = (levels: Levels) => levels.map((level, index) => (index === own ? null : level));
  return {
    place,
    type,
    before: without(before) as unknown as Levels,
    after: without(after) as unknown as Levels,
  };
}

function singles(at: RightsAt, pairs: readonly PermissionPair[], sides: Sides): Single[] {
  return pairs.flatMap((pair) => {
    const before = judgedAt(at, at.before, pair.before, sides.before);
    const after = judgedAt(at, at.after, pair.after, sides.after);
    return before.text === after.text ? [] : (singleOf(pair.key, at, before, after) ?? []);
  });
}

const unsaid: Judged = { standing: "never", text: "never", source: null, denial: null };

function judgedAt(
  at: RightsAt,
  levels: Levels,
  permission: PermissionSnapshot | undefined,
  side: Side,
): Judged {
  if (!permission || !isAskedAt(at.place, permission, at.type)) return unsaid;
  return standingOf(countingFor(permission, levels, at.type), permission, side);
}

function isAskedAt(
  { in: kind }: Place,
  { scope, type }: PermissionSnapshot,
  resourceType: string | null,
): boolean {
  switch (kind) {
    case "org":
      return scope === "org";
    case "environment":
      return scope === "environment";
    case "resource":
      return type === resourceType;
    default:
      return scope !== "org";
  }
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

function singleOf(permission: string, at: RightsAt, before: Judged, after: Judged): Single | null {
  const difference = rank(after) - rank(before);
  const direction = difference > 0 ? "gains" : difference < 0 ? "loses" : "changes";
  const isDenied = direction === "loses" && after.denial !== null && isDeniedAnew(before, after);
  const held = isDenied || after.source !== null ? "after" : "before";
  const source = isDenied ? after.denial : (after.source ?? before.source);
  if (source === null) return null;
  const role = at[held][source.set]?.set.roles[source.role] ?? "";
  const likeness = `${before.text} → ${after.text}\n${held} ${source.set} ${source.role} ${role}`;
  return {
    permission,
    direction,
    before: before.standing,
    after: after.standing,
    role,
    isDenied,
    held,
    source,
    likeness,
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
