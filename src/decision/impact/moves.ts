import { byCodeUnit, canonicalText, type Value } from "../../model/value.ts";
import type { Question } from "../question.ts";
import type { CatalogSnapshot, RoleSet } from "../snapshot.ts";
import type { PermissionEffect } from "./impact.ts";
import type { RightsAt } from "./rights.ts";
import { type SingleMove, singleMoves } from "./single-moves.ts";
import { needsFacts, type Source } from "./standing.ts";
import { toldPlaces } from "./told-places.ts";

/** Permissions that move alike at a place, by the same role. */
export interface Move extends Omit<PermissionEffect, "holders"> {
  /** Which of the member's places this is told at. */
  readonly at: number;
  /** Which of the places within that one it is not true of. */
  readonly except: readonly number[];
  /** Which holding the role is in, before or after, so that its team can be told. */
  readonly held: "before" | "after";
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
  /**
   * What moves at a member's places, each where it is told: the widest place where it is so. Questions are asked for
   * those places only where facts are needed.
   */
  readonly among: (places: readonly RightsAt[], questions: (at: RightsAt) => Questions) => readonly Move[];
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
  const keyOf = ({ place, type, around, ...levels }: RightsAt) => {
    let key = `${place.in} ${type} ${around}`;
    for (const level of levels.before) key += level ? ` ${numberOf(level.set)}` : " -";
    for (const level of levels.after) key += level ? ` ${numberOf(level.set)}` : " -";
    return key;
  };
  const needFacts = (at: RightsAt) =>
    [...at.before, ...at.after].some((level) => level !== null && isFactual(level.set));
  const movingAt = (at: RightsAt, questions: Questions | null): MovingAt => ({
    around: at.around,
    moving: singleMoves(at, pairs, {
      before: { catalog: before, question: questions?.before ?? null },
      after: { catalog: after, question: questions?.after ?? null },
    }),
  });
  const knownAt = new Map<string, MovingAt>();
  const knownMovingAt = (at: RightsAt): MovingAt => {
    const key = keyOf(at);
    const found = knownAt.get(key) ?? movingAt(at, null);
    knownAt.set(key, found);
    return found;
  };
  const known = new Map<string, readonly Move[]>();
  return {
    needFacts,
    among(places, questions) {
      if (places.some(needFacts))
        return movesAmong(
          places.map((at) => (needFacts(at) ? movingAt(at, questions(at)) : knownMovingAt(at))),
        );
      const key = places.map(keyOf).join("\n");
      const found = known.get(key) ?? movesAmong(places.map(knownMovingAt));
      known.set(key, found);
      return found;
    },
  };
}

interface MovingAt {
  readonly around: number | null;
  /** By permission. */
  readonly moving: ReadonlyMap<string, SingleMove>;
}

/** Tells each permission where it has to be told, and those together that are told alike. */
function movesAmong(places: readonly MovingAt[]): readonly Move[] {
  const alike = new Map<string, Omit<Move, "permissions" | "text"> & { readonly permissions: string[] }>();
  for (const permission of new Set(places.flatMap(({ moving }) => [...moving.keys()]))) {
    const told = toldPlaces(
      places.map(({ around, moving }) => ({ around, text: moving.get(permission)?.difference ?? null })),
    );
    for (const [at, except] of told.entries()) {
      const single = places[at]?.moving.get(permission);
      if (except === null || single === undefined) continue;
      const { difference, by, ...move } = single;
      const likeness = `${at} ${except.join()} ${difference}\n${by}`;
      const found = alike.get(likeness) ?? { ...move, at, except, permissions: [] };
      alike.set(likeness, found);
      found.permissions.push(permission);
    }
  }
  return [...alike.values()].map((move) => {
    const permissions = move.permissions.sort(byCodeUnit);
    const { before, after, role, isDenied } = move;
    return {
      ...move,
      permissions,
      text: canonicalText([before, after, role, isDenied, permissions] as unknown as Value),
    };
  });
}
