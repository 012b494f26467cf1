import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isMatch } from "../if-none-match.ts";

/**
 * Answers a GET with a result, or with 304 where the asker has the same one. The tag covers the result and nothing else:
 * the estate's revision moves with every apply, and is said by its header on every answer.
 */
export function answerGet(
  request: FastifyRequest,
  reply: FastifyReply,
  { result, revision }: { readonly result: object; readonly revision: number },
): void {
  const tag = `W/"${createHash("sha1").update(JSON.stringify(result)).digest("base64url")}"`;
  // Without asking again nothing is reused: a member who lost a right has lost it.
  reply.header("etag", tag).header("cache-control", "private, no-cache");
  if (isMatch(tag, request.headers["if-none-match"])) reply.code(304).send();
  else reply.send({ ...result, revision });
}
