import type { FastifyInstance } from "fastify";
import { publishKeys } from "./identity/jwks.ts";
import { ownKey } from "./identity/own-key.ts";
import { issueTokens } from "./identity/token.ts";
import type { Serving } from "./serving.ts";

/** Tokens for keys, what verifies them, and whose key one has; nothing where nobody needs a key. */
export function identity(app: FastifyInstance, { authenticator }: Serving): void {
  if (!authenticator) return;
  // Registered, so that what looks at routes as they come is there before it.
  app.register(async (scope) => {
    scope.setSerializerCompiler(() => JSON.stringify);
    issueTokens(scope, authenticator);
    publishKeys(scope, authenticator);
    ownKey(scope);
  });
}
