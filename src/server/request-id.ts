import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";

// What begins like a key or a token was sent by mistake, and would stand in the log.
const sent = /^(?!fl_|eyJ)[\w.~:/+=-]{1,128}$/;

/** Names requests: as the asker does (`X-Request-Id`, where it is short and of harmless characters), else by number. */
export function requestIds(): (request: IncomingMessage) => string {
  // So that the same number of another process, or of this one before it was restarted, is another name.
  const prefix = randomBytes(5).toString("hex");
  let count = 0;
  return ({ headers }) => {
    const given = headers["x-request-id"];
    return typeof given === "string" && sent.test(given) ? given : `${prefix}-${++count}`;
  };
}

/** Answers with the name that the asker gave a request. */
export function echoRequestId({ headers, id }: FastifyRequest, reply: FastifyReply): void {
  if (headers["x-request-id"] !== undefined) reply.header("x-request-id", id);
}
