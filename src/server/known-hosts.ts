import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendProblem } from "./problem.ts";
import type { Serving } from "./serving.ts";

/**
 * Where nobody needs a key, answers only requests for this machine by one of its own names, or for the server's origin.
 * A page of another site can have a name of its own point at this machine (DNS rebinding) and would then read the
 * answers as its own; it cannot choose the `Host` that the browser sends, and has no key. A request without one
 * (HTTP/1.0) comes from no browser.
 */
export function knownHosts(app: FastifyInstance, { origin, authenticator }: Serving): void {
  const known = new Set([new URL(origin).host]);
  app.addHook("onRequest", (request, reply, done) => {
    const { host } = request.headers;
    if (host === undefined) {
      if (mayLackHost(request, reply)) done();
      return;
    }
    if (authenticator || known.has(host)) return done();
    if (!ownName.test(host)) {
      sendProblem(reply, "wrong-host");
      return;
    }
    // There are few of them, but whoever writes ports into the header could make them many.
    if (known.size < 8) known.add(host);
    done();
  });
}

function mayLackHost({ raw }: FastifyRequest, reply: FastifyReply): boolean {
  if (raw.httpVersionMinor === 0) return true;
  sendProblem(reply, "bad-request", { detail: "The request names no host." });
  return false;
}

const ownName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
