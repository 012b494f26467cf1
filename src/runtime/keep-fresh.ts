import type { Database } from "../database/connect.ts";
import { keepListening } from "./keep-listening.ts";
import type { LiveEstate } from "./live-estate.ts";

export interface FreshnessOptions {
  /** How often to look whether anything changed, whether or not somebody tells of it, in milliseconds; a second where nothing is said. */
  readonly every?: number;
  /** How often the connection that listens is tried, in milliseconds; five seconds where nothing is said. */
  readonly heartbeat?: number;
  /** How long an answer on it is waited for, in milliseconds; five seconds where nothing is said. */
  readonly patience?: number;
  /** Told of what an operator wants to read, each once and not with every look. */
  readonly onNews?: (news: FreshnessNews) => void;
}

export type FreshnessNews =
  /** The first look that failed, after which what is known grows old. */
  | { readonly kind: "trouble"; readonly error: Error }
  | { readonly kind: "recovered" }
  | { readonly kind: "listening" }
  /** Changes are found by looking alone: some later than if they were told of, and none is lost. */
  | { readonly kind: "polling"; readonly error: Error }
  /** Another estate stands where the known one was: all was read anew. */
  | { readonly kind: "other-estate"; readonly epoch: string };

/** How what is known is kept fresh, for `/readyz` and `/metrics`. */
export interface Freshness {
  /** Whether commits are told of, or only looked for. */
  readonly mode: "listening" | "polling";
  /** What the last look failed of, since when; null where it succeeded. */
  readonly trouble: { readonly code: string; readonly message: string; readonly since: number } | null;
  readonly looks: number;
  readonly failures: number;
  /** How often listening was taken up again. */
  readonly reconnects: number;
}

export interface Keeping {
  /** Resolves once nothing is looked at any more, or a second later. */
  readonly end: () => Promise<void>;
  readonly status: () => Freshness;
}

/** Looks at the database whenever a commit is told of, and every so often; until it is ended. */
export function keepFresh(database: Database, estate: LiveEstate, options: FreshnessOptions = {}): Keeping {
  const { every = 1_000, heartbeat = 5_000, patience = 5_000, onNews = () => {} } = options;
  const state = {
    mode: "polling",
    trouble: null,
    looks: 0,
    failures: 0,
    reconnects: 0,
  } as Mutable<Freshness>;
  const stop = new AbortController();
  const looking = lookAgain(every, async () => {
    const { epoch } = estate.state();
    state.looks++;
    try {
      await estate.refresh();
      if (state.trouble) onNews({ kind: "recovered" });
      state.trouble = null;
    } catch (error) {
      state.failures++;
      if (!state.trouble) onNews({ kind: "trouble", error: error as Error });
      state.trouble = troubleOf(error as Error, state.trouble?.since ?? Date.now());
    }
    if (estate.state().epoch !== epoch) onNews({ kind: "other-estate", epoch: estate.state().epoch });
  });
  let isTold = false;
  // PGlite has one session, and is in this process.
  if (database.engine === "postgres")
    void keepListening(database, {
      signal: stop.signal,
      heartbeat,
      patience,
      onNotice: looking.ring,
      onListening(time) {
        state.mode = "listening";
        isTold = false;
        onNews({ kind: "listening" });
        looking.ring();
        if (time === 1) return;
        state.reconnects++;
        void reload(estate);
      },
      onLost(error) {
        state.mode = "polling";
        if (!isTold) onNews({ kind: "polling", error });
        isTold = true;
        looking.ring();
      },
    });
  return {
    status: () => ({ ...state }),
    async end() {
      stop.abort();
      await looking.end();
    },
  };
}

/** Whoever answers now may be another server than before. What changed comes first, because everything takes longer. */
async function reload(estate: LiveEstate): Promise<void> {
  // To tell of failures is the looks' part, and the one that succeeds reads everything.
  await estate.refresh().catch(() => {});
  await estate.refresh("everything").catch(() => {});
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function troubleOf(error: Error, since: number): Freshness["trouble"] {
  const code = "code" in error ? String(error.code) : "failed";
  return { code, message: error.message, since };
}

/** So far apart do looks begin at least: a storm of notices makes few of them. */
const atLeast = 10;

/** Looks every so often, and at once when rung; one look at a time. */
function lookAgain(
  every: number,
  look: () => Promise<void>,
): { readonly ring: () => void; readonly end: () => Promise<void> } {
  let isEnded = false;
  let isRung = false;
  let began = performance.now();
  let current: Promise<void> | null = null;
  let timer = setTimeout(begin, every);
  function begin() {
    isRung = false;
    began = performance.now();
    current = look().finally(() => {
      current = null;
      if (!isEnded) timer = setTimeout(begin, isRung ? untilNext() : every);
    });
  }
  const untilNext = () => Math.max(0, began + atLeast - performance.now());
  return {
    ring() {
      if (isRung || isEnded) return;
      isRung = true;
      if (current) return;
      clearTimeout(timer);
      timer = setTimeout(begin, untilNext());
    },
    async end() {
      isEnded = true;
      clearTimeout(timer);
      // What hangs on a line that swallows everything ends with its connection.
      await Promise.race([current, moment(1_000)]);
    },
  };
}

function moment(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
