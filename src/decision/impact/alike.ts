import { byCodeUnit, canonicalText, type Value } from "../../model/value.ts";
import type { RowPlace } from "./impact.ts";

export interface Alike<T> {
  readonly add: (effect: T, at: RowPlace) => void;
  /** What the most rows have first, then by org and key; one row has at most one effect. */
  readonly result: () => readonly (T & { readonly at: readonly RowPlace[] })[];
}

/** Gathers equal effects of rows as one. */
export function alikeEffects<T extends object>(): Alike<T> {
  const effects = new Map<string, { readonly effect: T; readonly at: RowPlace[] }>();
  return {
    add(effect, at) {
      const text = canonicalText(effect as unknown as Value);
      const alike = effects.get(text) ?? { effect, at: [] };
      effects.set(text, alike);
      alike.at.push(at);
    },
    result: () =>
      [...effects.values()]
        .map(({ effect, at }) => ({ ...effect, at: at.sort(byRow) }))
        .sort((one, other) => other.at.length - one.at.length || byFirstRow(one.at, other.at)),
  };
}

function byFirstRow([a]: readonly RowPlace[], [b]: readonly RowPlace[]): number {
  return a && b ? byRow(a, b) : 0;
}

function byRow(a: RowPlace, b: RowPlace): number {
  return byCodeUnit(a.org, b.org) || byCodeUnit(a.key, b.key);
}
