import type { Authenticator } from "../identity/authenticator.ts";
import type { LiveEstate } from "../runtime/live-estate.ts";
import type { DecisionTally } from "./decision-tally.ts";

/** What every protocol answers from. */
export interface Serving {
  readonly estate: LiveEstate;
  /** Who says whose a key is; null: nobody needs one, which is for this machine alone. */
  readonly authenticator: Authenticator | null;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** From which age on what is known counts as stale, in milliseconds. */
  readonly maxStale: number;
  /** Where clients reach it, without a slash at the end: what documents that name their own address are made with. */
  readonly origin: string;
  /** Where every decision that is answered is counted. */
  readonly decisions: DecisionTally;
}
