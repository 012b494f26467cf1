import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { decideFlag } from "../../decision/decide-flag.ts";
import type { Question } from "../../decision/question.ts";
import type { CatalogSnapshot } from "../../decision/snapshot.ts";
import { byCodeUnit } from "../../model/value.ts";
import type { DecisionTally } from "../decision-tally.ts";
import { isMatch } from "../if-none-match.ts";
import type { Serving } from "../serving.ts";
import { type EvaluationRequest, evaluationOf, flagQuestion, servesNothing } from "./evaluation.ts";
import { evaluateFlagsSchema } from "./ofrep-schema.ts";
import { type Position, positionText, readPosition } from "./position.ts";

interface Route {
  Body: EvaluationRequest;
  Querystring: { readonly flagConfigEtag?: string };
}

/** How long a request waits for the state that an event told it of, in milliseconds. */
const patience = 1_000;

const path = "/ofrep/v1/evaluate/flags";

/**
 * Answers all flags of the catalog for one context. The ETag is of what is answered: another context has another one
 * where it has other answers, and a new revision keeps it where it changes none.
 */
export function evaluateFlags(scope: FastifyInstance, { clock, estate, decisions, origin }: Serving): void {
  const originPath = new URL(origin).pathname.replace(/\/$/, "");
  scope.post<Route>(
    path,
    {
      schema: evaluateFlagsSchema,
      // The event came from a server that knew more than this one may: without the wait its news would be missed.
      // Before the org is looked up, so that it is the one that was waited for.
      preValidation(request, reply, done) {
        const told = readPosition((request.query as Route["Querystring"]).flagConfigEtag);
        if (!told || told.epoch !== estate.state().epoch) return done();
        const begun = performance.now();
        catchUp(estate, told).then(() => {
          request.waited = performance.now() - begun;
          reply.header("tenantry-revision", estate.state().revision);
          done();
        }, done);
      },
    },
    (request, reply) => {
      const flags = evaluationsText(flagQuestion(request.asked, request.body, clock()), decisions);
      const etag = `W/"${createHash("sha256").update(flags).digest("base64url")}"`;
      reply.header("etag", etag);
      if (isMatch(etag, request.headers["if-none-match"])) {
        reply.code(304).send();
        return;
      }
      const { url } = request;
      const state = estate.state();
      const base = originPath + url.slice(0, url.indexOf(path));
      const rest = JSON.stringify({
        metadata: { revision: state.revision },
        eventStreams: [
          {
            type: "sse",
            endpoint: { requestUri: `${base}/ofrep/v1/events?since=${positionText(state)}` },
            inactivityDelaySec: 120,
          },
        ],
      });
      reply.type("application/json; charset=utf-8").send(`{"flags":${flags},${rest.slice(1)}`);
    },
  );
}

/** Waits until what was told of is known here; not for ever, and not where it is known already. */
async function catchUp(estate: Serving["estate"], told: Position): Promise<void> {
  const { revision, taken } = estate.state();
  if (told.revision > revision) {
    await estate.reach(told.revision, patience);
  } else if (told.taken !== null && told.taken !== taken) {
    // Another server told of a change that may have no revision. It was committed by then: one look finds it. Where the
    // database cannot be looked at, what is known is answered, and its age.
    await Promise.race([estate.refresh().catch(() => {}), wait(patience, undefined, { ref: false })]);
  }
}

/** Written once, both for its hash and for the answer; without the revision, which moves while nothing here does. */
function evaluationsText(question: Question, decisions: DecisionTally): string {
  const evaluations = namesOf(question.org.catalog).map((name) => {
    const decision = decideFlag(question, name);
    decisions.count("flag", decision.value !== null, decision.reason);
    return decision.value === null ? servesNothing(name) : evaluationOf(name, decision);
  });
  return JSON.stringify(evaluations);
}

const namesByCatalog = new WeakMap<CatalogSnapshot, readonly string[]>();

/** Sorted, so that every process has the same ETag. */
function namesOf(catalog: CatalogSnapshot): readonly string[] {
  let names = namesByCatalog.get(catalog);
  if (!names) {
    names = [...catalog.flags.keys()].sort(byCodeUnit);
    namesByCatalog.set(catalog, names);
  }
  return names;
}
