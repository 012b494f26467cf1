import { byCodeUnit } from "../../model/value.ts";
import type { OrgSource } from "../compile-org.ts";
import { completeByKind } from "../complete.ts";
import { instantOf } from "../instant.ts";
import { alikeEffects } from "./alike.ts";
import type { KeyEffect } from "./impact.ts";

export interface KeyEffects {
  readonly add: (before: OrgSource, after: OrgSource) => void;
  readonly result: () => readonly KeyEffect[];
}

/** Gathers the scopes that API keys gain and lose. A key that is not there or has expired has none. */
export function keyEffects(now: number): KeyEffects {
  const effects = alikeEffects<Omit<KeyEffect, "at">>();
  return {
    add(before, after) {
      const [was, is] = [scopesByKey(before, now), scopesByKey(after, now)];
      for (const key of new Set([...was.keys(), ...is.keys()])) {
        const [earlier, later] = [was.get(key) ?? none, is.get(key) ?? none];
        const gains = beyond(later, earlier);
        const loses = beyond(earlier, later);
        if (gains.length + loses.length > 0) effects.add({ gains, loses }, { org: after.slug, key });
      }
    },
    result: effects.result,
  };
}

const none: ReadonlySet<string> = new Set();

function scopesByKey({ resources }: OrgSource, now: number): ReadonlyMap<string, ReadonlySet<string>> {
  const inForce = completeByKind(resources)("api_key").filter(
    ({ fields: { expires } }) => expires === null || instantOf(expires) > now,
  );
  return new Map(inForce.map(({ key, fields }) => [key, new Set(fields.scopes)]));
}

function beyond(scopes: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...scopes].filter((scope) => !others.has(scope)).sort(byCodeUnit);
}
