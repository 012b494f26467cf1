import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AllowedMethods } from "./allowed-methods.ts";
import { requestFields } from "./log.ts";
import { type ProblemDetail, type ProblemName, sendProblem } from "./problem.ts";
import type { RequestTally } from "./request-tally.ts";
import { validationDetail } from "./validation-detail.ts";

/** What is known of the requests that no route answers. */
export interface Unrouted {
  readonly allowed: AllowedMethods;
  readonly requests: RequestTally;
}

/** Answers errors as problems, and never with a stack or a message that was not written for the asker. */
export function answerErrors(app: FastifyInstance, { allowed, requests }: Unrouted): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const [path = ""] = request.url.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/);
    const methods = allowed(path);
    if (methods.length > 0) sendProblem(reply.header("allow", methods.join(", ")), "wrong-method");
    else sendProblem(reply, "unknown-path");
    requests.unrouted(reply.statusCode, reply.elapsedTime);
  });
}

/** Answers with the problem that an error is; also for those of the framework, which reach no route. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const name = problemNameOf(error);
  if (name === "fault") {
    request.log.error({ ...requestFields(request), err: error }, "a request could not be answered");
  }
  if (name === "busy") reply.header("retry-after", 1);
  if (problemsOfOurs.has(name)) reply.header("x-request-id", request.id);
  sendProblem(reply, name, detailOf(error));
}

/** What whoever runs the server is asked about, by the request's name in the log. */
const problemsOfOurs: ReadonlySet<ProblemName> = new Set(["fault", "unavailable"]);

export function problemNameOf({ code, validation, statusCode }: FastifyError): ProblemName {
  const isAskers =
    validation !== undefined || (statusCode !== undefined && Math.floor(statusCode / 100) === 4);
  return namesOfErrors[code] ?? (isAskers ? "bad-request" : "fault");
}

function detailOf(error: FastifyError): ProblemDetail {
  if (error.validation) return validationDetail(error);
  const detail = details[error.code];
  return detail ? { detail } : {};
}

const namesOfErrors: { readonly [code: string]: ProblemName } = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "wrong-media-type",
  "too-deep": "bad-request",
  "other-encoding": "wrong-media-type",
  "database-unreachable": "unavailable",
  "estate-behind": "unavailable",
  "too-many-waiting": "busy",
};

const details: { readonly [code: string]: string } = {
  "too-deep": "The body nests too deeply.",
  "other-encoding": "The body has to be plain UTF-8, without a Content-Encoding.",
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is not JSON.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty.",
  FST_ERR_BAD_URL: "The path is not percent-encoded as it has to be.",
  FST_ERR_MAX_PARAM_LENGTH: "A part of the path is too long.",
};
