import type { AnswerCache } from "./answer-cache.ts";
import type {
  Answer,
  EntitlementAnswer,
  FlagAnswer,
  OrgQuestions,
  PermissionAnswer,
  Query,
  Vocabulary,
} from "./client.ts";
import { valueOr } from "./flag-value.ts";
import { type Hearing, hearChanges } from "./hear-changes.ts";
import { noAnswer, noExplanation } from "./no-answer.ts";
import { type Ask, type KeyedQuestion, questionBatch } from "./question-batch.ts";
import { allFromWire, explanationFromWire, toWire, type WireObject } from "./question-on-wire.ts";
import type { Reach } from "./reach.ts";
import type { SeenEstate } from "./seen-estate.ts";
import type { Reply, ServerLine } from "./server-line.ts";
import { tellEach } from "./tell-each.ts";
import { NoAnswer } from "./trouble.ts";
import { untoldAnswers } from "./untold.ts";
import { assertNotTooMany, wantedOf } from "./wanted.ts";

/** What the orgs of a client ask with. */
export interface OverHttp {
  readonly line: ServerLine;
  readonly seen: SeenEstate;
  readonly reach: Reach;
  readonly cache: AnswerCache;
  /** Whether nothing is to be asked, and nobody told, any more. */
  readonly isClosed: () => boolean;
  /** The event streams that are there: who closes the client ends them. */
  readonly hearings: Set<Hearing>;
  /** How long answers are given again without asking, in milliseconds. */
  readonly cacheFor: number;
  /** The same while the org's event stream is there. */
  readonly cacheWhileHeard: number;
  /** How long what is known is good enough while the server cannot be reached, in milliseconds. */
  readonly staleFor: number;
}

/** What may have changed begins a new time: nothing that was got before is given after. Never the same number twice. */
let lastTime = 0;

/** Where a server answers about an org. */
export interface OrgPaths {
  /** `v1/orgs/acme/`, or `v1/` for the key's own. */
  readonly native: string;
  /** `v1/orgs/acme/ofrep/v1/events` */
  readonly events: string;
}

/** Asks a server about the org that it answers about there. */
export function orgOverHttp(
  { native, events }: OrgPaths,
  { line, seen, reach, cache, isClosed, hearings, cacheFor, cacheWhileHeard, staleFor }: OverHttp,
): OrgQuestions<Vocabulary, "later"> {
  const listeners = new Set<() => void>();
  let hearing: Hearing | null = null;
  let time = ++lastTime;
  const keyOf = (text: string) => `${native} ${text}`;

  /** What a reply says, by `read`, which throws for what says nothing; null: nobody answers. */
  const post = async <T>(to: string, body: object, read: (body: WireObject | null) => T) => {
    if (reach.isHopeless()) return null;
    const answered = untold.ask();
    try {
      const reply = await line.post(native + to, body);
      const said = read(reply.body);
      answered(reply.position);
      reach.heard(reply.asked, reply.age);
      return { said, reply };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      // A key that is taken no more has no right to what it was told before.
      if (error.code === "unauthorized") cache.clear();
      reach.missed(error, () => line.post(native + to, body, 0));
      return null;
    }
  };

  const ask: Ask = async (questions) => {
    const began = time;
    const wanted = questions.map(({ question }) => wantedOf(question as Query));
    const asked = { questions: questions.map(({ question }) => question) };
    const answered = await post("check", asked, (body) =>
      body ? allFromWire(body, wanted) : wanted.map((each) => noAnswer(each, "unknown-org")),
    );
    if (!answered) return null;
    const { said: answers, reply } = answered;
    // What changed while it was asked may be in it, or not.
    if (began === time && isLatest(reply, seen)) {
      for (const [at, { key }] of questions.entries())
        cache.keep(key, { answer: answers[at] as Answer, asked: reply.asked, time });
    }
    return answers;
  };
  const inOneCall = questionBatch(ask);

  const check = async (queries: readonly Query[]): Promise<readonly Answer[]> => {
    assertNotTooMany(queries);
    if (queries.length === 0) return [];
    const questions = queries.map((query): KeyedQuestion => {
      const question = toWire(query);
      return { question, key: keyOf(JSON.stringify(question)) };
    });
    const keys = questions.map(({ key }) => key);
    const maxAge = hearing?.isHeard() ? cacheWhileHeard : cacheFor;
    // All or none: what is asked together is answered from one revision.
    const known = cache.all(keys, time, maxAge);
    if (known) return known;
    const answers = await inOneCall(questions);
    return (
      answers ??
      queries.map((query, at) => {
        const known = cache.one(keys[at] as string, time, staleFor);
        return known ?? noAnswer(wantedOf(query), "unavailable");
      })
    );
  };
  const one = async (query: Query) => (await check([query]))[0] as Answer;

  const changed = () => {
    time = ++lastTime;
    tellEach(listeners, undefined);
  };
  const untold = untoldAnswers(changed);
  const hear = () =>
    hearChanges({
      open: (headers, signal) => line.open(events, headers, signal),
      onChange: changed,
      since: untold.since,
      onBegin: untold.begin,
      onPosition: seen.noteRevision,
    });

  return {
    async can(member, permission, resource, about) {
      const query = {
        permission,
        ...about,
        ...(resource === undefined ? {} : { resource }),
        ...(member === null ? {} : { member }),
      };
      return ((await one(query)) as PermissionAnswer).allowed;
    },
    flag: async (flag, about, fallback) =>
      valueOr(((await one({ ...about, flag })) as FlagAnswer).value, fallback),
    entitled: async (entitlement, about) =>
      ((await one({ ...about, entitlement })) as EntitlementAnswer).entitled,
    check,
    async explain(query) {
      const wanted = wantedOf(query);
      const answered = await post("explain", toWire(query), (body) =>
        body ? explanationFromWire(body, wanted) : noExplanation(wanted, "unknown-org"),
      );
      return answered?.said ?? noExplanation(wanted, "unavailable");
    },
    onChange(listener) {
      if (isClosed()) return () => {};
      // Each time a listener of its own: the same function may be given twice.
      const own = () => listener();
      listeners.add(own);
      hearing ??= hear();
      hearings.add(hearing);
      return () => {
        listeners.delete(own);
        if (listeners.size > 0 || !hearing) return;
        hearing.end();
        untold.end(hearing.position());
        hearings.delete(hearing);
        hearing = null;
      };
    },
  };
}

/** Meanwhile a later one may have been seen by another answer. */
function isLatest({ body }: Reply, seen: SeenEstate): boolean {
  return body === null || body.revision === seen.revision();
}
