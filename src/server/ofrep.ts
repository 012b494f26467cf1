import type { FastifyInstance } from "fastify";
import { answerOfrepErrors } from "./ofrep/answer-ofrep-errors.ts";
import { endStreamsOfKeys } from "./ofrep/end-streams-of-keys.ts";
import { evaluateFlag } from "./ofrep/evaluate-flag.ts";
import { evaluateFlags } from "./ofrep/evaluate-flags.ts";
import { makeEventStreams, type StreamLimits, streamLimits } from "./ofrep/event-streams.ts";
import { flagEvents } from "./ofrep/flag-events.ts";
import { onOrgs } from "./org-scope.ts";
import type { Serving } from "./serving.ts";

/**
 * Flags for OpenFeature's providers, by the OpenFeature Remote Evaluation Protocol 0.3: one flag, all flags, and a
 * stream of events that says when to ask again. The base URL of a provider is `/v1/orgs/{org}`, or an environment below it; with
 * a key of one org, the server's own.
 */
export function ofrep(app: FastifyInstance, serving: Serving, limits: StreamLimits = streamLimits): void {
  const streams = makeEventStreams(serving, limits);
  const ofKeys = endStreamsOfKeys(serving);
  // Before connections are waited for: a stream never ends by itself.
  app.addHook("preClose", (done) => {
    ofKeys.close();
    streams.close();
    done();
  });
  const addRoutes = (scope: FastifyInstance) => {
    scope.register(async (routes) => {
      answerOfrepErrors(routes);
      evaluateFlag(routes, serving);
      evaluateFlags(routes, serving);
      flagEvents(routes, { streams, ofKeys, limits });
    });
  };
  onOrgs(app, serving, { bare: "", addRoutes });
}
