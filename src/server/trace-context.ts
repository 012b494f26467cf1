import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    /** The asker's trace; null where the request names none, or not as W3C Trace Context has it. */
    trace: TraceContext | null;
  }
}

/** Where a request stands in its asker's trace. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The asker's span: 16 hexadecimal digits. */
  readonly parentId: string;
  readonly flags: number;
}

/**
 * Reads `traceparent` (W3C Trace Context, §3.2, version 00) and hands it on: the answer names the same trace with a
 * span of its own, and keeps `tracestate`. A request without one costs nothing.
 */
export function traceContext(app: FastifyInstance): void {
  app.decorateRequest("trace", null);
  app.addHook("onRequest", (request, reply, done) => {
    const { traceparent, tracestate } = request.headers;
    if (traceparent === undefined) return done();
    const trace = parseTraceparent(traceparent);
    if (trace) {
      request.trace = trace;
      reply.header("traceparent", childOf(trace));
      if (typeof tracestate === "string" && tracestate.length <= longestState) {
        reply.header("tracestate", tracestate);
      }
    }
    done();
  });
}

/** A longer one may be dropped (§3.3.1.5). */
const longestState = 512;

const shape = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Null for whatever is malformed, an id of zeroes included: it is to be ignored, not mended. */
export function parseTraceparent(header: unknown): TraceContext | null {
  const [, traceId, parentId, flags] = (typeof header === "string" && shape.exec(header)) || [];
  if (!traceId || !parentId || /^0+$/.test(traceId) || /^0+$/.test(parentId)) return null;
  return { traceId, parentId, flags: Number.parseInt(flags as string, 16) };
}

/** Only the flags that are defined (sampled, random) go on. */
function childOf({ traceId, flags }: TraceContext): string {
  return `00-${traceId}-${randomBytes(8).toString("hex")}-0${flags & 3}`;
}
