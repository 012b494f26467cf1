import type { FastifyInstance } from "fastify";
import * as z from "zod";
import type { Authenticator } from "../../identity/authenticator.ts";
import { jsonSchema } from "../json-schema.ts";

const response = z
  .strictObject({ keys: z.array(z.record(z.string(), z.unknown())) })
  .meta({ title: "JsonWebKeySet" });

/** Publishes what verifies tokens (RFC 7517), so that an app can verify them itself. */
export function publishKeys(app: FastifyInstance, authenticator: Authenticator): void {
  app.get("/.well-known/jwks.json", { schema, config: { isOpen: true } }, (_, reply) => {
    reply
      // Less than the ten minutes for which a new one is published before it signs.
      .header("cache-control", "public, max-age=300")
      .send({ keys: authenticator.publicKeys() });
  });
}

const schema = {
  operationId: "publicKeys",
  tags: ["identity"],
  summary: "The keys that verify tokens",
  security: [],
  response: { 200: { description: "A JSON Web Key Set", ...jsonSchema(response) } },
};
