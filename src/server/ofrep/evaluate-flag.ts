import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { decideFlag } from "../../decision/decide-flag.ts";
import type { Serving } from "../serving.ts";
import {
  type EvaluationRequest,
  evaluationOf,
  flagNotFound,
  flagQuestion,
  servesNothing,
} from "./evaluation.ts";
import { evaluateAnyKeySchema, evaluateFlagSchema } from "./ofrep-schema.ts";

/** Answers one flag. Servers ask this again and again: nothing here waits. */
export function evaluateFlag(scope: FastifyInstance, { clock, estate, decisions }: Serving): void {
  const answer = (key: string, request: FastifyRequest, reply: FastifyReply) => {
    const decision = decideFlag(flagQuestion(request.asked, request.body as EvaluationRequest, clock()), key);
    const { reason, value } = decision;
    decisions.count("flag", value !== null, reason);
    if (reason === "unknown-flag") reply.code(404).send(flagNotFound(key));
    else if (value === null) reply.code(500).send(servesNothing(key));
    else reply.send(evaluationOf(key, decision, estate.state().revision));
  };
  scope.post<{ Params: { key: string } }>(
    "/ofrep/v1/evaluate/flags/:key",
    { schema: evaluateFlagSchema, serializerCompiler: () => JSON.stringify },
    (request, reply) => answer(request.params.key, request, reply),
  );
  // Providers do not encode what a key consists of; one with slashes is an unknown flag, not an unknown path.
  scope.post<{ Params: { "*": string } }>(
    "/ofrep/v1/evaluate/flags/*",
    { schema: evaluateAnyKeySchema, serializerCompiler: () => JSON.stringify },
    (request, reply) => answer(request.params["*"], request, reply),
  );
}
