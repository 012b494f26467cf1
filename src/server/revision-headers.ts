import type { FastifyInstance } from "fastify";
import { sendProblem } from "./problem.ts";
import type { Serving } from "./serving.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** For how many milliseconds it waited because it asked to: that it took so long is no news. */
    waited: number;
  }
}

/** How long a request waits for the revision that it asks for, in milliseconds. */
const patience = 1_000;

/**
 * Says with every answer from which revision it is at least, of which estate, and, where what is known is stale, how many
 * seconds ago it was known to be so. A request that names a revision (`Tenantry-Min-Revision`) waits for it a second at most, then
 * gets 412; where no route is, and on open routes, nothing depends on a revision, and nobody is made to wait.
 */
export function revisionHeaders(app: FastifyInstance, { estate, clock, maxStale }: Serving): void {
  app.decorateRequest("waited", 0);
  app.addHook("onRequest", (request, reply, done) => {
    const wanted = request.headers["tenantry-min-revision"];
    const { epoch, revision, seenAt } = estate.state();
    reply.header("tenantry-epoch", epoch);
    reply.header("tenantry-revision", revision);
    const age = clock() - seenAt;
    if (age > maxStale) reply.header("tenantry-age", Math.floor(age / 1_000));
    if (wanted === undefined || request.is404 || request.routeOptions.config.isOpen === true) return done();
    if (typeof wanted !== "string" || !/^\d{1,15}$/.test(wanted)) {
      sendProblem(reply, "bad-request", { detail: "Tenantry-Min-Revision has to be one whole number." });
      return;
    }
    if (Number(wanted) <= revision) return done();
    const begun = performance.now();
    estate.reach(Number(wanted), patience).then((isReached) => {
      request.waited = performance.now() - begun;
      const { epoch, revision } = estate.state();
      reply.header("tenantry-epoch", epoch).header("tenantry-revision", revision);
      if (isReached) done();
      else
        sendProblem(reply, "revision-not-reached", {
          detail: `Revision ${wanted} did not come within a second.`,
        });
    }, done);
  });
}
