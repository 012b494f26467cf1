import type { FastifyInstance, FastifyReply } from "fastify";
import type { EstateState } from "../runtime/live-estate.ts";
import { positionText } from "./ofrep/position.ts";
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

/** Writes from which revision an answer is at least, and of which estate. */
export type SayRevision = (reply: FastifyReply) => void;

/**
 * Says with every answer, a refusal included, from which revision it is at least, of which estate, where that stands among
 * all changes (what a stream of events is begun with), and, where what is known is stale, how many seconds ago it was known
 * to be so.
 */
export function revisionHeaders({
  estate,
  clock,
  maxStale,
}: Pick<Serving, "estate" | "clock" | "maxStale">): SayRevision {
  const positionOf = keptPosition();
  return (reply) => {
    const state = estate.state();
    const now = clock();
    reply.header("tenantry-epoch", state.epoch);
    reply.header("tenantry-revision", state.revision);
    reply.header("tenantry-position", positionOf(state, now));
    const age = now - state.seenAt;
    if (age > maxStale) reply.header("tenantry-age", Math.floor(age / 1_000));
  };
}

/** To the second, and kept: who begins at an earlier time asks again too often, never too rarely. */
function keptPosition(): (state: EstateState, now: number) => string {
  let kept = { taken: "", at: 0, text: "" };
  return (state, now) => {
    const at = Math.floor(now / 1_000) * 1_000;
    if (state.taken !== kept.taken || at !== kept.at) {
      kept = { taken: state.taken, at, text: positionText(state, at) };
    }
    return kept.text;
  };
}

/**
 * Has a request that names a revision (`Tenantry-Min-Revision`) wait for it a second at most, then answers 412. Where no route
 * is, and on open routes, nothing depends on a revision, and nobody is made to wait.
 */
export function awaitRevision(app: FastifyInstance, { estate }: Serving): void {
  app.decorateRequest("waited", 0);
  app.addHook("onRequest", (request, reply, done) => {
    const wanted = request.headers["tenantry-min-revision"];
    if (wanted === undefined || request.is404 || request.routeOptions.config.isOpen === true) return done();
    if (typeof wanted !== "string" || !/^\d{1,15}$/.test(wanted)) {
      sendProblem(reply, "bad-request", { detail: "Tenantry-Min-Revision has to be one whole number." });
      return;
    }
    if (Number(wanted) <= estate.state().revision) return done();
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
