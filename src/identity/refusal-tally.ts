import type { Refusals } from "./access-events.ts";

/** Why somebody was not let in: a closed set, for the audit. The asker is told of none. */
export type RefusalReason =
  /** Neither a key nor a token, a mistyped one, or two that differ. */
  | "malformed"
  /** There never was a key of that secret. */
  | "unknown-key"
  /** Not one of ours, or over. */
  | "bad-token"
  /** A key that works no more, or its token. */
  | "ended-key"
  /** A key asked about an org that is not its own. */
  | "wrong-org";

/** What is refused; the key where it is known. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly key: Refusals["key"];
}

export interface RefusalTally {
  readonly count: (refusal: Refusal) => void;
  /** Gives all that was counted to be written; what cannot be is counted still. */
  readonly flush: () => Promise<void>;
}

/** How many different ones are told apart until they are written; the rest is counted without its key. */
const different = 1_000;

/** Counts refusals, so that whoever sends many makes no write of each. */
export function makeRefusalTally(write: (refusals: readonly Refusals[]) => Promise<void>): RefusalTally {
  let counted = new Map<string, Mutable<Refusals>>();
  const add = ({ reason, key }: Refusal, count: number) => {
    const name = `${reason} ${key?.id ?? ""}`;
    const known = counted.get(name);
    if (known) known.count += count;
    else if (key && counted.size >= different) add({ reason, key: null }, count);
    else counted.set(name, { reason, key, count });
  };
  return {
    count: (refusal) => add(refusal, 1),
    async flush() {
      if (counted.size === 0) return;
      const written = counted;
      counted = new Map();
      try {
        await write([...written.values()]);
      } catch (error) {
        for (const { reason, key, count } of written.values())
          add({ reason: reason as RefusalReason, key }, count);
        throw error;
      }
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
