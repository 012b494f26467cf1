import type { FastifyInstance } from "fastify";
import * as z from "zod";
import type { Authenticator } from "../../identity/authenticator.ts";
import { jsonSchema } from "../json-schema.ts";
import { isKeyLike, refuse, refuseTwo } from "./authenticate.ts";
import { credentialsOf } from "./credentials.ts";

const response = z
  .strictObject({
    access_token: z.string().meta({ description: "A JWT, verified by the keys of `/.well-known/jwks.json`" }),
    token_type: z.literal("Bearer"),
    expires_in: z.int().min(0).meta({ description: "In how many seconds it ends" }),
    scope: z.string().meta({ description: "What the key may do, parted by spaces" }),
  })
  .meta({ title: "IssuedToken" });

/**
 * Exchanges a key for a token that lives for ten minutes, answered as RFC 6749 §5.1 has it. It is open, as it looks at the
 * key itself: a token makes no other token, and would live for ever.
 */
export function issueTokens(app: FastifyInstance, authenticator: Authenticator): void {
  app.post("/v1/token", { schema, config: { isOpen: true } }, async (request, reply) => {
    const credentials = credentialsOf(request.headers);
    if (credentials.kind === "two") {
      authenticator.refuse({ reason: "malformed", key: null });
      refuseTwo(reply);
      return reply;
    }
    if (credentials.kind === "none") {
      refuse(reply);
      return reply;
    }
    const isKey = isKeyLike(credentials.text);
    if (!isKey) authenticator.refuse({ reason: "malformed", key: null });
    const issued = isKey ? await authenticator.exchange(credentials.text) : null;
    if (!issued) {
      refuse(reply, "invalid_token");
      return reply;
    }
    const { token, seconds, scope } = issued;
    return reply
      .header("cache-control", "no-store")
      .send({ access_token: token, token_type: "Bearer", expires_in: seconds, scope });
  });
}

const schema = {
  operationId: "issueToken",
  tags: ["identity"],
  summary: "Exchange a key for a token",
  description:
    "For the key in `Authorization` or `X-API-Key`. Each exchange is noted in the audit before it is answered.",
  response: { 200: { description: "The token", ...jsonSchema(response) } },
};
