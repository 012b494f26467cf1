import type { Context, MiddlewareHandler } from "hono";
import type { Vocabulary } from "../client/client.ts";
import { type AskedClient, type Finders, judgeRequest, type Tenancy } from "./judge-request.ts";

/**
 * Lets only those requests through whose member may do that; handlers find the org's questions in `c.var.tenantry`.
 * What is refused is answered with a problem (RFC 9457), and what a finder throws goes to the app's `onError`.
 */
export function requirePermission<V extends Vocabulary>(
  client: AskedClient<V>,
  permission: V["permissions"],
  find: Finders<Context>,
): MiddlewareHandler<{ Variables: { tenantry: Tenancy<V> } }> {
  return async (context, next) => {
    const { tenancy, refusal } = await judgeRequest(client, permission, find, context);
    if (refusal) return context.body(refusal.body, refusal.status, { ...refusal.headers });
    context.set("tenantry", tenancy);
    await next();
    return undefined;
  };
}
