import type { FlagPlace, HolderEffect, Impact, Standing } from "../../src/decision/impact/impact.ts";
import { canonicalText, type Value } from "../../src/model/value.ts";

/** A place and all those around it, the nearest first; the whole org is the last. */
export type Around = readonly string[];

/** `web/live` is in `web`, that among all workspaces, and these in the org. */
export function aroundOf(place: string | null): Around {
  if (place === null) return ["workspaces", "org"];
  return [place, ...(place.includes("/") ? [place.slice(0, place.indexOf("/"))] : []), ...aroundOf(null)];
}

export interface Told {
  readonly before: Standing;
  readonly after: Standing;
  /** One entry of the impact, for one permission. */
  readonly entry: string;
  readonly holder: HolderEffect;
}

/** What an impact tells of members' permissions, by member, permission and place. */
export type ToldPermissions = ReadonlyMap<string, Told>;

export function toldPermissions({ permissions: effects }: Impact): ToldPermissions {
  return new Map(
    effects.flatMap(({ permissions, before, after, holders }) =>
      holders.flatMap((holder) =>
        permissions.map((permission) => {
          const { org, member, place } = holder;
          const entry = `${org} ${member} ${permission} ${"name" in place ? place.name : place.in}`;
          return [entry, { before, after, entry, holder }] as const;
        }),
      ),
    ),
  );
}

/** The one rule: the nearest place that is told of counts, unless what is asked about is excepted there. */
export function readPermission(told: ToldPermissions, who: string, around: Around): Told | null {
  for (const [index, place] of around.entries()) {
    const found = told.get(`${who} ${place}`);
    if (found) return isExcepted(found.holder.except, around.slice(0, index)) ? null : found;
  }
  return null;
}

function isExcepted(except: readonly string[], within: Around): boolean {
  return within.some((place) => except.includes(place));
}

/** From what to what, as text: how often. */
export type Flips = ReadonlyMap<string, number>;

interface ValueEffect {
  readonly before: unknown;
  readonly after: unknown;
  readonly at: readonly (Omit<FlagPlace, "members"> & { readonly members?: number | null })[];
}

/** The same rule for answers that are counted and not named: what is told around a place holds there, unless excepted. */
export function readFlips(effects: readonly ValueEffect[], org: string, around: Around): Flips {
  const flips = new Map<string, number>();
  for (const { before, after, at } of effects) {
    for (const { org: slug, place, except, members } of at) {
      const index = around.indexOf(place ?? "org");
      if (slug !== org || index < 0 || isExcepted(except, around.slice(0, index))) continue;
      const flip = flipText(before, after);
      if (flip !== null) flips.set(flip, (flips.get(flip) ?? 0) + (members ?? 1));
    }
  }
  return flips;
}

/** null: it is the same answer. */
export function flipText(before: unknown, after: unknown): string | null {
  const [was, is] = [canonicalText(before as Value), canonicalText(after as Value)];
  return was === is ? null : `${was} -> ${is}`;
}
