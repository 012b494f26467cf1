import type { Answer } from "./client.ts";
import type { WireQuestion } from "./question-on-wire.ts";
import { QuestionRefused } from "./trouble.ts";
import { mostQuestions } from "./wanted.ts";

/** A question with the text that tells it from others. */
export interface KeyedQuestion {
  readonly key: string;
  readonly question: WireQuestion;
}

/** Answers to questions, in order; null: nobody answers. */
export type Ask = (questions: readonly KeyedQuestion[]) => Promise<readonly Answer[] | null>;

interface Asked {
  readonly questions: readonly KeyedQuestion[];
  readonly resolve: (answers: readonly Answer[] | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks what is asked in the same tick in one call; each caller's questions stay together, and the same question of
 * several callers is asked once.
 */
export function questionBatch(ask: Ask): Ask {
  let waiting: Asked[] = [];
  const send = () => {
    const all = waiting;
    waiting = [];
    for (const group of grouped(all)) void answer(group);
  };
  const answer = async (group: readonly Asked[]): Promise<void> => {
    const distinct = new Map<string, KeyedQuestion>();
    for (const { questions } of group) for (const each of questions) distinct.set(each.key, each);
    try {
      const answers = await ask([...distinct.values()]);
      const byKey = new Map([...distinct.keys()].map((key, at) => [key, answers?.[at]]));
      for (const { questions, resolve } of group)
        resolve(answers && questions.map(({ key }) => byKey.get(key) as Answer));
    } catch (error) {
      // One caller's fault is no other's.
      if (error instanceof QuestionRefused && group.length > 1) for (const each of group) void answer([each]);
      else for (const { reject } of group) reject(error);
    }
  };
  return (questions) =>
    new Promise((resolve, reject) => {
      // After everything that goes on now, promises included, and before anything else comes in.
      if (waiting.push({ questions, resolve, reject }) === 1) setImmediate(send);
    });
}

/** As few calls as hold no more questions than one may. */
function grouped(asked: readonly Asked[]): readonly (readonly Asked[])[] {
  const groups: Asked[][] = [];
  let room = 0;
  for (const each of asked) {
    if (each.questions.length > room) {
      groups.push([]);
      room = mostQuestions;
    }
    room -= each.questions.length;
    groups.at(-1)?.push(each);
  }
  return groups;
}
