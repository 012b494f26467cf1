import { LRUCache } from "lru-cache";
import type { Answer } from "./client.ts";

/** The answers that a client got last, none of them of an earlier revision than the last that was seen. */
export interface AnswerCache {
  /** All answers, if each is known and young enough; else null. `since`: only those that were got in that time of their org. */
  readonly all: (keys: readonly string[], since: number, maxAge: number) => readonly Answer[] | null;
  /** One answer that is known and young enough; else null. */
  readonly one: (key: string, since: number, maxAge: number) => Answer | null;
  readonly keep: (key: string, kept: Kept) => void;
  readonly clear: () => void;
  /** Knows nothing from now on. */
  readonly close: () => void;
}

export interface Kept {
  readonly answer: Answer;
  /** When it was asked for, as `performance.now` has it. */
  readonly asked: number;
  /** In which time of its org: another one begins with each change. */
  readonly time: number;
}

/** So many answers take a few megabytes. */
const mostAnswers = 10_000;

export function answerCache(): AnswerCache {
  const kept = new LRUCache<string, Kept>({ max: mostAnswers });
  let isClosed = false;
  const one: AnswerCache["one"] = (key, since, maxAge) => {
    const found = kept.get(key);
    const isGood = found && found.time === since && performance.now() - found.asked <= maxAge;
    return isGood ? found.answer : null;
  };
  return {
    one,
    all(keys, since, maxAge) {
      const found: Answer[] = [];
      for (const key of keys) {
        const answer = one(key, since, maxAge);
        if (!answer) return null;
        found.push(answer);
      }
      return found;
    },
    keep(key, answer) {
      if (!isClosed) kept.set(key, answer);
    },
    clear: () => kept.clear(),
    close() {
      isClosed = true;
      kept.clear();
    },
  };
}
