import type { Freshness } from "../runtime/keep-fresh.ts";

/** How this process stands: what it tells of itself, apart from what it answers. Changed in place as things happen. */
export interface Standing {
  /** It is about to end: no new work should be sent here. */
  isDraining: boolean;
  /** How what is answered from is kept fresh; null: by nobody. */
  freshness: (() => Freshness) | null;
}

export function makeStanding(): Standing {
  return { isDraining: false, freshness: null };
}
