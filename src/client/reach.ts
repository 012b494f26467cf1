import type { Standing, Trouble } from "./client.ts";
import { fullJitter } from "./full-jitter.ts";
import type { SeenEstate } from "./seen-estate.ts";
import { tellEach } from "./tell-each.ts";
import { NoAnswer } from "./trouble.ts";

/** Whether a server can be reached, and since when it was not heard. */
export interface Reach {
  /** Something was asked at that time, as `performance.now` has it, and answered from what was so old then. */
  readonly heard: (asked: number, age?: number) => void;
  /** Something got no answer; `again` asks the same once more. In the background it is looked whether the server is there. */
  readonly missed: (error: NoAnswer, again: () => Promise<unknown>) => void;
  /** Whether nobody needs to ask now: no answer would come, whatever is asked. */
  readonly isHopeless: () => boolean;
  readonly standing: () => Standing;
  readonly onTrouble: (listener: (trouble: Trouble) => void) => () => void;
  readonly close: () => void;
}

/** How long to wait before each look in the background whether the server is there, in milliseconds. */
const pauses = { base: 200, most: 5_000 };

/** `probe` asks the server for nothing but a sign of life. */
export function makeReach(seen: SeenEstate, probe: () => Promise<void>): Reach {
  const listeners = new Set<(trouble: Trouble) => void>();
  const tell = (trouble: Trouble) => tellEach(listeners, trouble);
  let heardAt = Number.NEGATIVE_INFINITY;
  let trouble: NoAnswer | null = null;
  // One question without an answer says nothing of others: a look does, a key that is not taken, and a server that asks for a pause.
  let isForAll = false;
  let again: () => Promise<unknown> = async () => {};
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const heard: Reach["heard"] = (asked, age = 0) => {
    heardAt = Math.max(heardAt, asked - age);
    back();
  };
  const back = () => {
    if (!trouble) return;
    trouble = null;
    isForAll = false;
    clearTimeout(timer);
    timer = undefined;
    tell({ kind: "back" });
  };
  const missed: Reach["missed"] = (error, tryAgain) => {
    const isNews = trouble === null;
    // What ails the server itself is not forgotten over a question that was still under way.
    if (!isForAll || error.isForAll) trouble = error;
    isForAll ||= error.isForAll;
    again = tryAgain;
    if (!isClosed && (timer === undefined || error.pause > 0)) {
      tries = 1;
      plan();
    }
    if (isNews) tell({ kind: "cut-off", error });
  };
  const plan = () => {
    const pause = (trouble?.pause ?? 0) + fullJitter(tries++, pauses);
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(pause, longestPause)).unref();
  };
  const look = async () => {
    // A server may well be there and not take the key.
    const isKeyRefused = trouble?.code === "unauthorized";
    try {
      await (isKeyRefused ? again() : probe().catch(withoutProbe));
      back();
    } catch (error) {
      // A question that is refused was answered.
      if (!(error instanceof NoAnswer)) return back();
      if (!trouble) return;
      trouble = error;
      if (isKeyRefused) isForAll = error.isForAll;
      if (!isClosed) plan();
    }
  };
  /** Not everything that stands before a server lets such a question through. */
  const withoutProbe = async () => {
    isForAll = trouble !== null;
    await again();
  };
  return {
    heard,
    missed,
    isHopeless: () => isForAll,
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
