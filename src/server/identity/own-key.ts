import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { jsonSchema } from "../json-schema.ts";
import { noQuery } from "../native/head.ts";

const response = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    org: z
      .string()
      .nullable()
      .meta({ description: "The slug of the one org that it is for; null: a service's, for all" }),
    scopes: z.array(z.string()).meta({ description: "What it may do, as permissions" }),
    expires: z.iso.datetime().nullable(),
  })
  .meta({ title: "OwnKey" });

/** Says whose key one has. */
export function ownKey(app: FastifyInstance): void {
  app.get("/v1/key", { schema }, ({ caller }, reply) => {
    if (caller === null) throw new Error("This route is reached with a key alone.");
    const { id, name, org, scopes, expires } = caller;
    reply.header("cache-control", "no-store").send({
      id,
      name,
      org,
      scopes,
      expires: expires === null ? null : new Date(expires).toISOString(),
    });
  });
}

const schema = {
  operationId: "ownKey",
  tags: ["identity"],
  summary: "Say which key this is",
  description: "The key that the request was made with, or that its token is of.",
  querystring: jsonSchema(noQuery),
  response: { 200: { description: "The key", ...jsonSchema(response) } },
};
