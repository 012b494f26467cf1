import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { toolVersion } from "../runtime/tool-version.ts";
import { addSecurity } from "./openapi/add-security.ts";
import { completeDocument, type Document } from "./openapi/complete-document.ts";
import type { Serving } from "./serving.ts";

/**
 * Serves the OpenAPI 3.1 document at `/openapi.json`, made from the schemas by which requests are validated. It knows
 * the routes that are registered after it and have tags; those of one plugin and another, never those added to the
 * server directly, which are there before any plugin is.
 */
export function openapi(app: FastifyInstance, { origin, authenticator }: Serving): void {
  const secured = authenticator ? addSecurity : (document: object) => document;
  app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Tenantry",
        version: toolVersion(),
        description: "Permissions, flags and entitlements of orgs, answered from an estate in memory.",
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: origin }],
    },
    convertConstToEnum: false,
    hideUntagged: true,
    transformObject: (made) =>
      "openapiObject" in made ? secured(completeDocument(made.openapiObject as unknown as Document)) : {},
  });
  app.register(async (scope) => {
    let text: string | null = null;
    scope.get("/openapi.json", { schema: { hide: true }, config: { isOpen: true } }, (_, reply) => {
      text ??= JSON.stringify(app.swagger());
      reply.type("application/json; charset=utf-8").send(text);
    });
  });
}
