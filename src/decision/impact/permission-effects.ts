import { byCodeUnit } from "../../model/value.ts";
import type { HolderEffect, PermissionEffect, Place } from "./impact.ts";
import type { Move, Moves, Questions } from "./moves.ts";
import { placesOf, type Rights, type RightsAt, type Whereabouts } from "./rights.ts";

export interface MemberStates {
  readonly org: string;
  readonly member: string;
  readonly before: Rights;
  readonly after: Rights;
  /** By key, every resource that a right may be held on. */
  readonly resources: ReadonlyMap<string, Whereabouts>;
  /** Workspaces and environments where facts differ from those around them, or from before. */
  readonly varied: readonly string[];
}

export interface PermissionEffects {
  /** Adds what moves for one member; `questions` gives the facts of a place, where what moves depends on them. */
  readonly add: (states: MemberStates, questions: (at: RightsAt) => Questions) => void;
  /** Whether anything moves for one member. */
  readonly areAny: (states: MemberStates, questions: (at: RightsAt) => Questions) => boolean;
  readonly result: () => readonly PermissionEffect[];
}

/** Gathers moves that are alike into one effect with everyone whom it concerns. */
export function permissionEffects(moves: Moves): PermissionEffects {
  const effects = new Map<string, { readonly move: Move; readonly holders: HolderEffect[] }>();
  return {
    add(states, questions) {
      const { org, member } = states;
      const places = placesIn(states, moves);
      for (const move of moves.among(places, questions)) {
        const at = places[move.at] as RightsAt;
        const effect = effects.get(move.text) ?? { move, holders: [] };
        effects.set(move.text, effect);
        const team = at[move.held][move.source.set]?.teams[move.source.role] ?? null;
        const except = move.except.map((index) => nameOf(places[index]?.place)).sort(byCodeUnit);
        effect.holders.push({ org, member, place: at.place, except, team });
      }
    },
    areAny: (states, questions) => moves.among(placesIn(states, moves), questions).length > 0,
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

/** Facts vary only for those whose rights ask about them. */
function placesIn({ before, after, resources, varied }: MemberStates, moves: Moves): readonly RightsAt[] {
  const places = placesOf(before, after, resources, []);
  const isVaried = varied.length > 0 && places.some(moves.needFacts);
  return isVaried ? placesOf(before, after, resources, varied) : places;
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
  return byCodeUnit(a.in, b.in) || byCodeUnit(nameOf(a), nameOf(b));
}

function nameOf(place: Place | undefined): string {
  return place && "name" in place ? place.name : "";
}
