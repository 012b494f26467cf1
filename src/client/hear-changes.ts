import { setTimeout as wait } from "node:timers/promises";
import { fullJitter } from "./full-jitter.ts";
import { readEvents } from "./read-events.ts";

export interface Hearing {
  /** Whether the stream is there: who is told of no change knows that there is none. */
  readonly isHeard: () => boolean;
  /** Where it stands, as the id of an event; null: nothing was heard. */
  readonly position: () => string | null;
  readonly end: () => void;
}

export interface HearOptions {
  /** Opens the stream; null: there is no such org. Rejects where it cannot be opened now. */
  readonly open: (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Response | null>;
  /** Where what was answered before stands, as the id of an event; null: nothing was. Asked until something is heard. */
  readonly since?: () => string | null;
  /** From that id on all is told; `isTold`: what was before it, too. */
  readonly onBegin?: (id: string, isTold: boolean) => void;
  /** Something changed, or may have while the stream was not there. */
  readonly onChange: () => void;
  /** How far the server has told of everything, with each event and each sign of life. */
  readonly onPosition: (epoch: string, revision: number) => void;
  /** After so long without a sign of life a stream is given up, in milliseconds. */
  readonly silence?: number;
}

/** The server gives a sign of life every 15 seconds. */
const usualSilence = 40_000;

/** Before a stream is opened again, in milliseconds, where the server does not say. */
const usualRetry = 2_000;
const longestRetry = 30_000;

/** Hears the OFREP event stream of an org until it is ended; whenever it breaks it is taken up where it was. */
export function hearChanges({ silence = usualSilence, ...options }: HearOptions): Hearing {
  const ending = new AbortController();
  const state: State = { isHeard: false, isThere: true, lastId: null, retry: usualRetry, failures: 0 };
  void keepHearing(options, state, { signal: ending.signal, silence });
  return {
    isHeard: () => state.isHeard,
    position: () => state.lastId,
    end: () => ending.abort(),
  };
}

interface State {
  isHeard: boolean;
  /** Whether the org is, as far as is known. */
  isThere: boolean;
  lastId: string | null;
  retry: number;
  failures: number;
}

interface Bounds {
  readonly signal: AbortSignal;
  readonly silence: number;
}

async function keepHearing(
  options: Omit<HearOptions, "silence">,
  state: State,
  bounds: Bounds,
): Promise<void> {
  const { signal } = bounds;
  while (!signal.aborted) {
    try {
      await hear(options, state, bounds);
    } catch {
      // It is opened again, whyever it ended.
    }
    state.isHeard = false;
    const pause = fullJitter(++state.failures, { base: state.retry, most: longestRetry });
    await wait(pause, undefined, { signal, ref: false }).catch(() => {});
  }
}

async function hear(
  { open, since, onBegin, onChange, onPosition }: Omit<HearOptions, "silence">,
  state: State,
  { signal, silence }: Bounds,
): Promise<void> {
  const giveUp = new AbortController();
  const abort = () => giveUp.abort();
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(abort, silence);
  try {
    // That an org is there again is told whatever it was seen as before.
    const seen = state.isThere ? (state.lastId ?? since?.()) : null;
    const headers = { accept: "text/event-stream", ...(seen ? { "last-event-id": seen } : {}) };
    const response = await open(headers, giveUp.signal);
    const isNews = state.isThere !== (response !== null);
    if (isNews) {
      state.isThere = response !== null;
      onChange();
    }
    if (!response?.body) return;
    for await (const event of readEvents(response.body)) {
      timer.refresh();
      if (!state.isHeard) {
        state.isHeard = true;
        state.failures = 0;
      }
      if (event.kind === "retry") state.retry = event.milliseconds;
      else if (event.kind === "event") onChange();
      else {
        if (state.lastId === null) onBegin?.(event.id, isNews || seen != null);
        state.lastId = event.id;
        tellPosition(event.id, onPosition);
      }
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    giveUp.abort();
  }
}

/** An id begins with the epoch and the revision, with dots between them. */
function tellPosition(id: string, onPosition: HearOptions["onPosition"]): void {
  const match = /^([\w-]{1,64})\.(\d{1,15})(?:\.|$)/.exec(id);
  if (match) onPosition(match[1] as string, Number(match[2]));
}
