import { setTimeout as wait } from "node:timers/promises";
import { type AccessToken, accessToken, type Exchanged } from "./access-token.ts";
import { fullJitter } from "./full-jitter.ts";
import { isRevision } from "./question-on-wire.ts";
import { replyOf } from "./reply.ts";
import type { SeenEstate } from "./seen-estate.ts";
import { NoAnswer, QuestionRefused } from "./trouble.ts";

/** What a server said to a question. */
export interface Reply {
  /** null: there is no such org, or it is not the key's to ask about. */
  readonly body: { readonly [name: string]: unknown } | null;
  /** When it was asked, as `performance.now` has it, and how old what it knows was by then, in milliseconds. */
  readonly asked: number;
  readonly age: number;
  /** What it knows at least, as the id of an event; null where it does not say. */
  readonly position: string | null;
}

/** The way to a server. */
export interface ServerLine {
  /**
   * Posts JSON, again where that may help, and gives the reply: never one of an earlier state than was seen before. Rejects
   * with `NoAnswer`, or `QuestionRefused`.
   */
  readonly post: (path: string, body: object, retries?: number) => Promise<Reply>;
  /** Asks for a stream, with the same credentials; null: there is no such org. Rejects with `NoAnswer`. */
  readonly open: (
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<Response | null>;
  /** Rejects with `NoAnswer` where nobody is there who could answer anything. Takes no key, and no database. */
  readonly probe: () => Promise<void>;
  /** Gives up whatever is waited for; nothing is asked any more. */
  readonly close: () => void;
}

export interface LineOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** How long an answer is waited for, with all tries, in milliseconds. */
  readonly timeout: number;
  readonly retries: number;
  readonly seen: SeenEstate;
}

const passingBy = { isPassing: true };

/** What a balancer says when there is no server behind it. Who is not asked for a sign of life may be there for all that. */
const nobodyBehind = new Set([502, 503, 504]);

/** Before the first retry, and before any, at most, in milliseconds. */
const pauses = { base: 100, most: 2_000 };

export function serverLine({ url, key, fetch, timeout, retries, seen }: LineOptions): ServerLine {
  const base = url.replace(/\/*$/, "/");
  const underWay = new Set<AbortController>();
  let isClosed = false;

  const within = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    if (isClosed) throw closed();
    const abort = new AbortController();
    const late = () => abort.abort(new NoAnswer("timeout", `No answer came in ${timeout} ms.`));
    const timer = setTimeout(late, timeout);
    underWay.add(abort);
    try {
      return await work(abort.signal);
    } finally {
      clearTimeout(timer);
      underWay.delete(abort);
    }
  };
  const request = async (path: string, init: RequestInit & { readonly signal: AbortSignal }) => {
    try {
      // What is sent is for this server alone, and no other that it points to.
      return await fetch(base + path, { redirect: "error", ...init });
    } catch (error) {
      throw brokenBy(error, init.signal);
    }
  };
  const exchange = (): Promise<Exchanged> =>
    within(async (signal) => {
      const response = await request("v1/token", { method: "POST", headers: bearer(key ?? ""), signal });
      const { body } = await replyOf(response).catch((error) => {
        throw brokenBy(error, signal);
      });
      const { access_token, expires_in } = body ?? {};
      if (typeof access_token !== "string" || typeof expires_in !== "number")
        throw new NoAnswer("unavailable", "The server gave no token for the key.");
      return { token: access_token, life: expires_in * 1_000 };
    });
  const tokens: AccessToken | null = key === undefined ? null : accessToken(exchange);

  /** Asks with a token; with a new one where it is not taken, once. */
  const authorized = async (
    send: (headers: Record<string, string>) => Promise<Response>,
    signal: AbortSignal,
  ): Promise<Response> => {
    if (!tokens) return send({});
    const first = await orAborted(tokens.current(), signal);
    const response = await send(bearer(first));
    if (response.status !== 401) return response;
    await response.body?.cancel();
    tokens.refused(first);
    return send(bearer(await orAborted(tokens.current(), signal)));
  };

  const once = async (path: string, body: string, signal: AbortSignal): Promise<Reply> => {
    for (let turn = 1; ; turn++) {
      const asked = performance.now();
      const least = seen.revision();
      const response = await authorized(
        (credentials) =>
          request(path, {
            method: "POST",
            headers: { "content-type": "application/json", ...atLeast(least), ...credentials },
            body,
            signal,
          }),
        signal,
      );
      const isCurrent = seen.note(response.headers);
      // Its answer was overtaken on the way; or another estate stands there, of which less was asked for than it has.
      const isToAskAgain = response.ok
        ? !isCurrent
        : response.status === 412 && isCurrent && seen.revision() < least;
      if (!isToAskAgain) {
        const reply = await replyOf(response).catch((error) => {
          throw brokenBy(error, signal);
        });
        if (!isOvertaken(reply.body, response.headers, seen))
          return { ...reply, asked, position: response.headers.get("tenantry-position") };
      } else await response.body?.cancel();
      // The second was asked for what is known now. Who does not have it then may have it after a pause.
      if (turn === 2) throw new NoAnswer("behind", "The server answers from less than is known.", passingBy);
    }
  };

  return {
    post: (path, body, most = retries) =>
      within(async (signal) => {
        const text = JSON.stringify(body);
        const ends = performance.now() + timeout;
        for (let retry = 1; ; retry++) {
          try {
            return await once(path, text, signal);
          } catch (error) {
            if (!(error instanceof NoAnswer) || !error.isPassing || retry > most) throw error;
            const pause = error.pause + fullJitter(retry, pauses);
            if (performance.now() + pause >= ends) throw error;
            await orAborted(wait(pause), signal);
          }
        }
      }),
    async open(path, headers, signal) {
      if (isClosed) throw closed();
      const response = await authorized(
        (credentials) => request(path, { headers: { ...headers, ...credentials }, signal }),
        signal,
      );
      if (response.ok) return response;
      await replyOf(response);
      return null;
    },
    probe: () =>
      within(async (signal) => {
        const { status, body } = await request("livez", { signal });
        await body?.cancel();
        if (nobodyBehind.has(status)) throw new NoAnswer("unavailable", `The server answers with ${status}.`);
      }),
    close() {
      isClosed = true;
      for (const abort of underWay) abort.abort(closed());
    },
  };
}

function closed(): NoAnswer {
  return new NoAnswer("unreachable", "The client is closed.");
}

function bearer(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}` };
}

function atLeast(revision: number): Record<string, string> {
  return revision > 0 ? { "tenantry-min-revision": String(revision) } : {};
}

/** What stands in an answer is exact; its headers were written before it was made. */
function isOvertaken(body: Reply["body"], headers: Headers, seen: SeenEstate): boolean {
  const revision = body?.revision;
  return isRevision(revision) && !seen.noteRevision(headers.get("tenantry-epoch"), revision);
}

/** Waits for something that others wait for, too, and goes on without their signal. */
function orAborted<T>(value: T | Promise<T>, signal: AbortSignal): T | Promise<T> {
  if (!(value instanceof Promise)) return value;
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** What broke while something was asked: our own patience, what was said already, or the way to the server. */
function brokenBy(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof NoAnswer || error instanceof QuestionRefused) return error;
  // The words of `fetch` itself repeat the headers and the address that it was given: those of what caused them are told.
  const { name, cause } = error instanceof Error ? error : { name: typeof error, cause: null };
  const isKnown = cause instanceof Error;
  const why = isKnown ? cause.message || String((cause as NodeJS.ErrnoException).code) : `${name} thrown`;
  return new NoAnswer("unreachable", `The server cannot be reached: ${why}`, {
    ...(isKnown ? { cause } : null),
    isPassing: true,
  });
}
