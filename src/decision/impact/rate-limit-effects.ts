import { byCodeUnit, canonicalText, type Value } from "../../model/value.ts";
import { decideRateLimit } from "../decide-rate-limit.ts";
import type { RateLimitEffect } from "./impact.ts";
import type { OrgPair } from "./org-pair.ts";

export interface RateLimitEffects {
  readonly add: (pair: OrgPair) => void;
  readonly result: () => readonly RateLimitEffect[];
}

type Shift = Omit<RateLimitEffect, "orgs">;

/** Gathers how often orgs may do something, where that moves. */
export function rateLimitEffects(now: number): RateLimitEffects {
  const effects = new Map<string, Shift & { readonly orgs: string[] }>();
  return {
    add(pair) {
      for (const shift of shiftsOf(pair, now)) {
        const text = canonicalText(shift as unknown as Value);
        const alike = effects.get(text) ?? { ...shift, orgs: [] };
        effects.set(text, alike);
        alike.orgs.push(pair.after.slug);
      }
    },
    result: () =>
      [...effects]
        .sort(
          ([a, one], [b, other]) =>
            byCodeUnit(one.limit, other.limit) || other.orgs.length - one.orgs.length || byCodeUnit(a, b),
        )
        .map(([, { orgs, ...shift }]) => ({ ...shift, orgs: orgs.sort(byCodeUnit) })),
  };
}

function shiftsOf({ before, after }: OrgPair, now: number): Shift[] {
  const limits = new Set([...before.catalog.rateLimits.keys(), ...after.catalog.rateLimits.keys()]);
  return [...limits].flatMap((limit) => {
    const was = decideRateLimit(before, limit, now);
    const is = decideRateLimit(after, limit, now);
    const why = { before: was?.source ?? null, after: is?.source ?? null };
    const shift: Shift = { limit, before: was?.value ?? null, after: is?.value ?? null, why };
    const isSame = shift.before?.amount === shift.after?.amount && shift.before?.per === shift.after?.per;
    return isSame ? [] : [shift];
  });
}
