import type { FastifyReply, FastifyRequest } from "fastify";
import type { Vocabulary } from "../client/client.ts";
import { type AskedClient, type Finders, judgeRequest, type Tenancy } from "./judge-request.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by `requirePermission`. */
    tenantry?: Tenancy;
  }
}

/**
 * A `preHandler` that lets only those requests through whose member may do that; handlers find the org's questions in
 * `request.tenantry`. What is refused is answered with a problem (RFC 9457), and what a finder throws goes to the app's
 * error handler.
 */
export function requirePermission<V extends Vocabulary, Asked extends FastifyRequest = FastifyRequest>(
  client: AskedClient<V>,
  permission: V["permissions"],
  find: Finders<Asked>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const { tenancy, refusal } = await judgeRequest(client, permission, find, request as Asked);
    if (refusal) return reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
    // One declaration serves requests of all clients: it cannot know the names that this one knows.
    request.tenantry = tenancy as unknown as Tenancy;
    return undefined;
  };
}
