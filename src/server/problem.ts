import type { FastifyReply } from "fastify";

/**
 * What can be wrong with a request, or with answering it: a closed set. Programs may rely on the names and the codes; a
 * name is never used for something else. The titles are constant and hold nothing of the request.
 */
export const problems = {
  "bad-request": { status: 400, title: "The request cannot be read" },
  unauthorized: { status: 401, title: "This takes a key or a token that works" },
  "unknown-org": { status: 404, title: "There is no such org, or it is not yours to ask about" },
  "unknown-path": { status: 404, title: "There is nothing at this path" },
  "wrong-method": { status: 405, title: "This path does not take that method" },
  "request-timeout": { status: 408, title: "The request took too long to arrive" },
  "revision-not-reached": { status: 412, title: "The revision asked for is not known here yet" },
  "too-large": { status: 413, title: "The request is too large" },
  "wrong-media-type": { status: 415, title: "The request's body has to be application/json" },
  "unmet-expectation": { status: 417, title: "What the request expects cannot be promised" },
  "wrong-host": { status: 421, title: "This server is not called that" },
  "headers-too-large": { status: 431, title: "The request's headers are too large" },
  fault: { status: 500, title: "This is a fault of the server's" },
  busy: { status: 503, title: "More keys are being looked up than this server has turns for" },
  "too-many-streams": { status: 503, title: "As many clients hear of changes as this server takes" },
  unavailable: { status: 503, title: "The database that would know does not answer" },
} as const;

export type ProblemName = keyof typeof problems;

/** What a problem says besides its title: never anything that the asker may not know. */
export interface ProblemDetail {
  readonly detail?: string;
  /** Where in the request: a JSON pointer. */
  readonly at?: string;
}

/** A problem as RFC 9457 has it. */
export interface Problem extends ProblemDetail {
  readonly type: string;
  readonly title: string;
  readonly status: number;
}

export function problemOf(name: ProblemName, detail: ProblemDetail = {}): Problem {
  return { type: `urn:tenantry:problem:${name}`, ...problems[name], ...detail };
}

/** Answers with a problem, as `application/problem+json`. */
export function sendProblem(reply: FastifyReply, name: ProblemName, detail?: ProblemDetail): FastifyReply {
  return reply
    .code(problems[name].status)
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send(problemOf(name, detail));
}
