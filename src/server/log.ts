import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import { DatabaseError } from "../database/database-error.ts";
import { EstateBehind } from "../runtime/estate-behind.ts";
import type { FreshnessNews } from "../runtime/keep-fresh.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface LogOptions {
  readonly level: LogLevel;
  /** Takes a line of JSON, its end included. */
  readonly write: (line: string) => void;
}

/**
 * How the server logs. What may be said is listed, not what may not: paths, queries, headers, bodies and the
 * messages of other people's errors hold names, addresses and passwords in ways that no list foresees.
 */
export function logging({ level, write }: LogOptions): FastifyServerOptions {
  return {
    logger: {
      level,
      stream: { write },
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }), log: onlyFields },
      serializers: { err: errorFields },
      hooks: {
        // Where an error is logged without words, pino would take the error's own.
        logMethod(args: unknown[], method: (...args: unknown[]) => void) {
          const [about, words] = args;
          if (typeof about === "object" && typeof words !== "string") method.call(this, about, "an error");
          else method.apply(this, args);
        },
      },
    } as NonNullable<FastifyServerOptions["logger"]>,
    // One for each request would cost a part of the answer; what is logged of a request names it.
    childLoggerFactory: (logger) => logger,
  };
}

/** The same log, for a process that has no server of its own. */
export function makeLog(options: LogOptions): FastifyBaseLogger {
  // The logger comes with the server, and nowhere else from.
  return Fastify(logging(options)).log;
}

const fields = [
  "request_id",
  "trace_id",
  "org",
  "method",
  "route",
  "status",
  "ms",
  "err",
  "reason",
  "cut",
  "worker",
  "delay_ms",
];

function onlyFields(about: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(fields.filter((field) => field in about).map((field) => [field, about[field]]));
}

/** An error as the log has it: its words only where we wrote them, the way it came only where it is our fault. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code = "fault" } = error as NodeJS.ErrnoException;
  const about = { type: error.constructor.name, code };
  if (error instanceof DatabaseError || error instanceof EstateBehind) {
    return { ...about, message: error.message };
  }
  return { ...about, stack: framesOf(error) };
}

/** The stack begins with the message. */
function framesOf({ stack = "" }: Error): readonly string[] {
  return stack
    .split("\n")
    .filter((line) => /^ {4}at /.test(line))
    .map((line) => line.trim());
}

/** What the log says of a request. */
export function requestFields(request: FastifyRequest): Record<string, unknown> {
  return {
    request_id: request.id,
    ...(request.trace ? { trace_id: request.trace.traceId } : {}),
    // The path's own org may be anything; this one exists.
    ...(request.asked ? { org: request.asked.org.slug } : {}),
    method: request.method,
    route: request.routeOptions.url ?? "none",
  };
}

/** Logs how what is answered from is kept fresh. */
export function logNews(log: FastifyBaseLogger, news: FreshnessNews): void {
  const { level, words } = newsWords[news.kind];
  log[level]("error" in news ? { err: news.error } : {}, words);
}

const newsWords = {
  trouble: { level: "warn", words: "the database cannot be looked at, and what is known grows old" },
  // Whoever read of the trouble is to read that it is over.
  recovered: { level: "warn", words: "the database can be looked at again" },
  listening: { level: "info", words: "the database tells of changes" },
  polling: { level: "warn", words: "the database does not tell of changes, which are looked for instead" },
  "other-estate": { level: "warn", words: "another estate stands in the database: all was read anew" },
} as const satisfies Record<
  FreshnessNews["kind"],
  { readonly level: "info" | "warn"; readonly words: string }
>;

/** From how many milliseconds on an answer is slow, apart from what it was asked to wait. */
const slow = 1_000;

function isSlow(request: FastifyRequest, reply: FastifyReply): boolean {
  return reply.elapsedTime - request.waited >= slow;
}

/** Logs requests that failed or were slow as warnings, all others for debugging: a line costs more than most answers. */
export function logRequests(app: FastifyInstance): void {
  const isDebugging = app.log.level === "debug" || app.log.level === "trace";
  app.addHook("onResponse", (request, reply, done) => {
    if (reply.statusCode >= 500 || isSlow(request, reply) || isDebugging) logRequest(request, reply);
    done();
  });
}

function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const isStream = request.routeOptions.url?.endsWith("/events") === true;
  // That it is not ready is an answer; why, is logged where it is found out.
  const isFailure = reply.statusCode >= 500 && request.routeOptions.url !== "/readyz";
  const isWorthy = isFailure || (isSlow(request, reply) && !isStream);
  const about = {
    ...requestFields(request),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 1_000) / 1_000,
  };
  if (isWorthy) request.log.warn(about, isFailure ? "a request failed" : "a request was slow");
  else request.log.debug(about, "a request was answered");
}
