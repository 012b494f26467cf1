import type { FastifyInstance } from "fastify";
import { sendProblem } from "./problem.ts";
import type { Serving } from "./serving.ts";

/** How long a request waits for the revision that it asks for, in milliseconds. */
const patience = 1_000;

/**
 * Says with every answer from which revision it is at least, of which estate, and, where what is known is stale, how many
 * seconds ago it was known to be so. A request that names a revision (`Tenantry-Min-Revision`) waits for it a second at most, then
 * gets 412.
 */
export function revisionHeaders(app: FastifyInstance, { estate, clock, maxStale }: Serving): void {
  app.addHook("onRequest", (request, reply, done) => {
    const wanted = request.headers["tenantry-min-revision"];
    const { epoch, revision, seenAt } = estate.state();
    reply.header("tenantry-epoch", epoch);
    reply.header("tenantry-revision", revision);
    const age = clock() - seenAt;
    if (age > maxStale) reply.header("tenantry-age", Math.floor(age / 1_000));
    if (wanted === undefined) return done();
    if (typeof wanted !== "string" || !/^\d{1,15}$/.test(wanted)) {
      sendProblem(reply, "bad-request", { detail: "Tenantry-Min-Revision has to be one whole number." });
      return;
    }
    if (Number(wanted) <= revision) return done();
    estate.reach(Number(wanted), patience).then((isReached) => {
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
