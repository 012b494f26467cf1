import { LRUCache } from "lru-cache";
import type { LiveKey } from "./find-key.ts";
import type { Refusal } from "./refusal-tally.ts";

/** Whose credential something is, for as long as that may be believed without looking again. */
export type Identified =
  | { readonly kind: "known"; readonly key: LiveKey; readonly until: number }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly until: number };

/** The credentials that were looked at a moment ago. */
export interface KeyMemory {
  readonly get: (credential: string) => Identified | undefined;
  readonly put: (credential: string, identified: Identified) => void;
  /** Whether that was good when it was last looked at, however long ago, and whatever was forgotten since. */
  readonly isRegular: (credential: string) => boolean;
  /** Forgets the keys of these orgs, by slug, and all that was refused; null: everything. Regulars stay regulars. */
  readonly forget: (slugs: ReadonlySet<string> | null) => void;
}

/** Keeps so many credentials; those that are refused apart, so that they push out none that is good. */
export function makeKeyMemory(max: number, clock: () => number): KeyMemory {
  const known = new LRUCache<string, Identified>({ max });
  const refused = new LRUCache<string, Identified>({ max });
  const regulars = new LRUCache<string, true>({ max });
  return {
    get(credential) {
      const identified = known.get(credential) ?? refused.get(credential);
      return identified && identified.until > clock() ? identified : undefined;
    },
    put(credential, identified) {
      const isKnown = identified.kind === "known";
      (isKnown ? known : refused).set(credential, identified);
      // What was known before, and is over, must not stand before what is known now.
      (isKnown ? refused : known).delete(credential);
      if (isKnown) regulars.set(credential, true);
      else regulars.delete(credential);
    },
    isRegular: (credential) => regulars.has(credential),
    forget(slugs) {
      refused.clear();
      if (slugs === null) return known.clear();
      for (const [credential, identified] of known) {
        const org = identified.kind === "known" ? identified.key.org : null;
        if (org !== null && slugs.has(org)) known.delete(credential);
      }
    },
  };
}
