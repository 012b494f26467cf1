import type { Server } from "node:http";
import Fastify, {
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyServerOptions,
  type RouteOptions,
} from "fastify";
import { Registry } from "prom-client";
import { allowedMethods } from "./allowed-methods.ts";
import { answerError, answerErrors } from "./answer-errors.ts";
import { authzen } from "./authzen.ts";
import { answerClientError, answerExpectation } from "./client-errors.ts";
import { makeDecisionTally } from "./decision-tally.ts";
import { announceClosing } from "./graceful-close.ts";
import { authenticate } from "./identity/authenticate.ts";
import { identity } from "./identity.ts";
import { jsonBodies } from "./json-bodies.ts";
import { knownHosts } from "./known-hosts.ts";
import { logRequests } from "./log.ts";
import { makeMetrics, processMetrics } from "./metrics.ts";
import { native } from "./native.ts";
import { ofrep } from "./ofrep.ts";
import { openapi } from "./openapi.ts";
import { operations } from "./operations.ts";
import { echoRequestId, requestIds } from "./request-id.ts";
import { requestTally } from "./request-tally.ts";
import { awaitRevision, revisionHeaders } from "./revision-headers.ts";
import type { Serving } from "./serving.ts";
import { makeStanding, type Standing } from "./standing.ts";
import { traceContext } from "./trace-context.ts";

/** What a server is made with that is counted for it. */
export type Served = Omit<Serving, "decisions">;

/** How a server belongs to its process, and to others that serve with it. */
export interface Surroundings {
  readonly standing?: Standing;
  /** Takes the metrics of this process, and gives what says those of all that serve together, as text. */
  readonly gather?: (own: readonly Registry[]) => () => Promise<string>;
  /** Told of every route there is, before the server is asked anything. */
  readonly onRoute?: (route: RouteOptions) => void;
}

/** An HTTP server that answers from an estate, with every protocol; it does not listen yet. */
export function makeServer(
  served: Served,
  options: FastifyServerOptions = {},
  { standing = makeStanding(), gather = alone, onRoute = () => {} }: Surroundings = {},
): FastifyInstance {
  const sayRevision = revisionHeaders(served);
  const app = Fastify({
    ...serverLimits,
    ...options,
    genReqId: requestIds(),
    frameworkErrors(error, request, reply) {
      // No hook sees what no route can be looked up for.
      sayRevision(reply);
      echoRequestId(request, reply);
      answerError(error, request, reply);
      requests.unrouted(reply.statusCode, reply.elapsedTime);
    },
  });
  app.server.maxConnections = 10_000;
  app.server.on("checkExpectation", answerExpectation);
  const decisions = makeDecisionTally();
  const serving: Serving = { ...served, decisions };
  app.addHook("onRoute", onRoute);
  const requests = requestTally(app);
  answerErrors(app, { allowed: allowedMethods(app), requests });
  jsonBodies(app);
  app.addHook("onRequest", (_, reply, done) => {
    sayRevision(reply);
    done();
  });
  knownHosts(app, serving);
  app.addHook("onRequest", (request, reply, done) => {
    echoRequestId(request, reply);
    done();
  });
  traceContext(app);
  announceClosing(app, standing);
  logRequests(app);
  app.decorateRequest("caller", null);
  // Before anything is waited for.
  if (serving.authenticator) authenticate(app, serving.authenticator);
  awaitRevision(app, serving);
  const metrics = makeMetrics({ ...served, standing, decisions, requests });
  operations(app, serving, { standing, metrics: gather([metrics, processMetrics()]) });
  // Before the routes that it is to know.
  openapi(app, serving);
  identity(app, serving);
  native(app, serving);
  ofrep(app, serving);
  authzen(app, serving);
  return app;
}

function alone(own: readonly Registry[]): () => Promise<string> {
  const merged = Registry.merge([...own]);
  return () => merged.metrics();
}

/** What a request may cost, in bytes and milliseconds. */
export const serverLimits = {
  bodyLimit: 1_048_576,
  // From the first byte to the last; looked at every second, so that bytes that drip in hold nothing for long.
  requestTimeout: 10_000,
  // A connection on which nothing is said either way. Streams of events have to say something more often than that.
  connectionTimeout: 120_000,
  // Longer than the 60 seconds after which balancers let go: the server must not be the one that closes first.
  keepAliveTimeout: 72_000,
  http: {
    headersTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 16_384,
    // Two headers where there may be one are joined, and then neither is taken for what it was.
    joinDuplicateHeaders: true,
    // See `knownHosts`, which says what is wrong.
    requireHostHeader: false,
  },
  // Names of members are addresses, and percent-encoded ones are long.
  routerOptions: { maxParamLength: 1_024 },
  clientErrorHandler: answerClientError,
  // What arrives while the server is closing is answered, not turned away.
  return503OnClosing: false,
  logController: new Fastify.LogController({ disableRequestLogging: true }),
  // A schema says what is refused; nothing is bent to fit, filled in or dropped without a word.
  ajv: {
    customOptions: {
      coerceTypes: false,
      removeAdditional: false,
      useDefaults: false,
      // What does not fit is told with what would have fitted.
      verbose: true,
    },
  },
} satisfies FastifyHttpOptions<Server>;
