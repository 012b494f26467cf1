import { byCodeUnit } from "../../model/value.ts";
import type { HolderEffect, PermissionEffect } from "./impact.ts";
import type { Move, Moves, Questions } from "./moves.ts";
import { placesOf, type Rights, type RightsAt, type Whereabouts } from "./rights.ts";

export interface MemberStates {
  readonly org: string;
  readonly member: string;
  readonly before: Rights;
  readonly after: Rights;
  /** By key, every resource that a right may be held on. */
  readonly resources: ReadonlyMap<string, Whereabouts>;
}

export interface PermissionEffects {
  /** Adds what moves for one member; `questions` gives the facts of a place, where what moves depends on them. */
  readonly add: (states: MemberStates, questions: (at: RightsAt) => Questions) => void;
  readonly result: () => readonly PermissionEffect[];
}

/** Gathers moves that are alike into one effect with everyone whom it concerns. */
export function permissionEffects(moves: Moves): PermissionEffects {
  const effects = new Map<string, { readonly move: Move; readonly holders: HolderEffect[] }>();
  return {
    add({ org, member, before, after, resources }, questions) {
      for (const at of placesOf(before, after, resources)) {
        for (const move of moves.at(at, moves.needFacts(at) ? questions(at) : null)) {
          const effect = effects.get(move.text) ?? { move, holders: [] };
          effects.set(move.text, effect);
          const team = at[move.held][move.source.set]?.teams[move.source.role] ?? null;
          effect.holders.push({ org, member, place: at.place, team });
        }
      }
    },
    result: () =>
      [...effects.values()].map(effectOf).sort((a, b) => {
        const rank = ({ direction }: PermissionEffect) => order[direction];
        return (
          rank(a) - rank(b) ||
          b.holders.length - a.holders.length ||
          byCodeUnit(a.permissions.join(), b.permissions.join()) ||
          byCodeUnit(a.role, b.role) ||
          byCodeUnit(JSON.stringify([a.before, a.after]), JSON.stringify([b.before, b.after]))
        );
      }),
  };
}

const order = { gains: 0, loses: 1, changes: 2 } as const;

function effectOf({
  move,
  holders,
}: {
  readonly move: Move;
  readonly holders: HolderEffect[];
}): PermissionEffect {
  const { direction, permissions, before, after, role, isDenied } = move;
  holders.sort((a, b) => byCodeUnit(a.org, b.org) || byCodeUnit(a.member, b.member) || byPlace(a, b));
  return { direction, permissions, before, after, role, isDenied, holders };
}

function byPlace({ place: a }: HolderEffect, { place: b }: HolderEffect): number {
  const name = (place: typeof a) => ("name" in place ? place.name : "");
  return byCodeUnit(a.in, b.in) || byCodeUnit(name(a), name(b));
}
