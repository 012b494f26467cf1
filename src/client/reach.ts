import type { Standing, Trouble } from "./client.ts";
import { fullJitter } from "./full-jitter.ts";
import type { SeenEstate } from "./seen-estate.ts";
import { NoAnswer } from "./trouble.ts";

/** Whether a server can be reached, and since when it was not heard. */
export interface Reach {
  /** Something was asked at that time, as `performance.now` has it, and answered from what was so old then. */
  readonly heard: (asked: number, age?: number) => void;
  /** Something got no answer; it is tried again in the background until it gets one. */
  readonly missed: (error: NoAnswer, again: () => Promise<unknown>) => void;
  /** Whether nobody needs to ask now: no answer would come. */
  readonly isHopeless: () => boolean;
  readonly standing: () => Standing;
  readonly onTrouble: (listener: (trouble: Trouble) => void) => () => void;
  readonly close: () => void;
}

/** How long to wait before what got no answer is tried again in the background, in milliseconds. */
const pauses = { base: 200, most: 5_000 };

export function makeReach(seen: SeenEstate): Reach {
  const listeners = new Set<(trouble: Trouble) => void>();
  const tell = (trouble: Trouble) => {
    for (const listener of [...listeners]) listener(trouble);
  };
  let heardAt = Number.NEGATIVE_INFINITY;
  let trouble: NoAnswer | null = null;
  let again: () => Promise<unknown> = async () => {};
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const heard: Reach["heard"] = (asked, age = 0) => {
    heardAt = Math.max(heardAt, asked - age);
    if (!trouble) return;
    trouble = null;
    clearTimeout(timer);
    timer = undefined;
    tell({ kind: "back" });
  };
  const missed: Reach["missed"] = (error, tryAgain) => {
    const isNews = trouble === null;
    trouble = error;
    again = tryAgain;
    if (timer === undefined && !isClosed) {
      tries = 1;
      plan();
    }
    if (isNews) tell({ kind: "cut-off", error });
  };
  const plan = () => {
    const pause = (trouble?.pause ?? 0) + fullJitter(tries++, pauses);
    timer = setTimeout(look, Math.min(pause, longestPause)).unref();
  };
  const look = async () => {
    const asked = performance.now();
    try {
      await again();
      heard(asked);
    } catch (error) {
      // A question that is refused was answered.
      if (!(error instanceof NoAnswer)) return heard(asked);
      if (trouble) trouble = error;
      if (trouble && !isClosed) plan();
    }
  };
  return {
    heard,
    missed,
    isHopeless: () => trouble?.isForAll === true,
    standing: () => ({
      revision: seen.revision(),
      age: performance.now() - heardAt,
      isCutOff: trouble !== null,
    }),
    onTrouble(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      listeners.clear();
    },
  };
}

/** Whatever a server asks for, somebody looks again every so often, in milliseconds. */
const longestPause = 60_000;
