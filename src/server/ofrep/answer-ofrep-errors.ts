import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerError, problemNameOf } from "../answer-errors.ts";
import { requestFields } from "../log.ts";
import type { EvaluationFailure } from "./evaluation.ts";

/** Answers errors as the protocol has them, where it has one for them; any other is a problem as everywhere. */
export function answerOfrepErrors(routes: FastifyInstance): void {
  routes.setErrorHandler((error: FastifyError, request, reply) => {
    const name = problemNameOf(error);
    if (name === "bad-request") {
      fail(request, reply.code(400), failureOf(error));
    } else if (name === "fault") {
      request.log.error({ ...requestFields(request), err: error }, "a flag could not be evaluated");
      fail(request, reply.code(500).header("x-request-id", request.id), {
        errorCode: "GENERAL",
        errorDetails: "This is a fault of the server's.",
      });
    } else answerError(error, request, reply);
  });
}

type Failure = Omit<EvaluationFailure, "key">;

function fail(request: FastifyRequest, reply: FastifyReply, failure: Failure): void {
  reply
    .type("application/json; charset=utf-8")
    .serializer(JSON.stringify)
    .send({ ...keyOf(request), ...failure });
}

/** Nothing where all flags were asked for. */
function keyOf({ params }: FastifyRequest): { readonly key?: string } {
  const { key, "*": rest } = params as { readonly key?: string; readonly "*"?: string };
  const asked = key ?? rest;
  return asked === undefined ? {} : { key: asked };
}

function failureOf({ validation, validationContext }: FastifyError): Failure {
  const [first] = validation ?? [];
  const isContext =
    first && validationContext === "body" && !(first.instancePath === "" && first.keyword === "type");
  if (isContext) {
    return {
      errorCode: "INVALID_CONTEXT",
      errorDetails: `The body${first.instancePath && ` at ${first.instancePath}`} ${first.message}. It has to be {"context": {…}}; a targetingKey in it, where there is one, is text.`,
    };
  }
  return {
    errorCode: "PARSE_ERROR",
    errorDetails: first
      ? `The ${validationContext} ${first.message}.`
      : `The body cannot be read. It has to be JSON: {"context": {…}}.`,
  };
}
