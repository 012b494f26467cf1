import { setTimeout } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Standing } from "./standing.ts";

/** How long to take over closing, in milliseconds. */
export interface Leave {
  /** How long to go on accepting connections while readiness fails, so that balancers notice. */
  readonly drain: number;
  /** How long to wait, after that, for the requests under way. */
  readonly deadline: number;
}

/** Timers hold 31 bits of milliseconds: beyond that they would fire at once. */
const longest = 2 ** 31 - 1;

/** Has every answer of a process that is about to end close its connection, so that the next request goes elsewhere. */
export function announceClosing(app: FastifyInstance, standing: Standing): void {
  app.addHook("onRequest", (_, reply, done) => {
    if (standing.isDraining) reply.header("connection", "close");
    done();
  });
}

/**
 * Ends a server without dropping a request: readiness fails at once, connections are accepted for a while, then no
 * more, and what is under way is answered. Returns how many connections had to be cut at the deadline.
 */
export async function gracefulClose(
  app: FastifyInstance,
  standing: Standing,
  { drain, deadline }: Leave,
): Promise<number> {
  standing.isDraining = true;
  if (drain > 0) await setTimeout(Math.min(drain, longest));
  const closed = app.close();
  // A connection whose last answer began before all this was not told to close; it is idle once that is sent.
  const closingIdle = setInterval(() => app.server.closeIdleConnections(), 50);
  const timer = new AbortController();
  try {
    return await Promise.race([closed.then(() => 0), cutAt(deadline, app, timer.signal)]);
  } finally {
    timer.abort();
    await closed;
    clearInterval(closingIdle);
  }
}

async function cutAt(deadline: number, app: FastifyInstance, signal: AbortSignal): Promise<number> {
  await setTimeout(deadline, null, { signal }).catch(() => new Promise(() => {}));
  const cut = await new Promise<number>((resolve) => app.server.getConnections((_, count) => resolve(count)));
  app.server.closeAllConnections();
  return cut;
}
