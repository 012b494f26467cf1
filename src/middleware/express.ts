import type { Request, RequestHandler } from "express";
import type { Vocabulary } from "../client/client.ts";
import { type AskedClient, type Finders, judgeRequest, type Tenancy } from "./judge-request.ts";

declare global {
  namespace Express {
    interface Request {
      /** Set by `requirePermission`. */
      tenantry?: Tenancy;
    }
  }
}

/**
 * Lets only those requests through whose member may do that; handlers find the org's questions in `request.tenantry`.
 * What is refused is answered with a problem (RFC 9457), and what a finder throws goes to the app's error handlers.
 */
export function requirePermission<V extends Vocabulary, Asked extends Request = Request>(
  client: AskedClient<V>,
  permission: V["permissions"],
  find: Finders<Asked>,
): RequestHandler {
  return async (request, response, next) => {
    const { tenancy, refusal } = await judgeRequest(client, permission, find, request as Asked);
    if (refusal) {
      response.status(refusal.status).set(refusal.headers).end(refusal.body);
      return;
    }
    // One declaration serves requests of all clients: it cannot know the names that this one knows.
    request.tenantry = tenancy as unknown as Tenancy;
    next();
  };
}
