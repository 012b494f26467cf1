import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { jsonSchema } from "../json-schema.ts";
import type { AskedPlace } from "../org-scope.ts";
import type { Serving } from "../serving.ts";

const metadataShape = z
  .strictObject({
    policy_decision_point: z.string(),
    access_evaluation_endpoint: z.string(),
    access_evaluations_endpoint: z.string(),
    search_subject_endpoint: z.string(),
    search_resource_endpoint: z.string(),
    search_action_endpoint: z.string(),
  })
  .meta({ title: "AuthzenConfiguration" });

/** Each path by which it is found is an operation of its own in the OpenAPI document. */
const metadataSchema = (operationId: string) => ({
  operationId,
  tags: ["authzen"],
  summary: "Say where an org's policy decision point answers (AuthZEN 1.0)",
  response: { 200: { description: "The addresses", ...jsonSchema(metadataShape) } },
});

interface MetadataAt {
  readonly path: string;
  readonly operationId: string;
}

/** AuthZEN 1.0 §9. Its addresses come from how the server is set up: a request's Host could be anybody's. */
export function metadata(scope: FastifyInstance, at: MetadataAt, { origin }: Serving): void {
  scope.get(at.path, { schema: metadataSchema(at.operationId) }, ({ asked }, reply) => {
    // The standard wants it to be the address by which it was found.
    const point = asked.isBare ? origin : `${origin}${pathOf(asked)}`;
    reply.send({
      policy_decision_point: point,
      access_evaluation_endpoint: `${point}/access/v1/evaluation`,
      access_evaluations_endpoint: `${point}/access/v1/evaluations`,
      search_subject_endpoint: `${point}/access/v1/search/subject`,
      search_resource_endpoint: `${point}/access/v1/search/resource`,
      search_action_endpoint: `${point}/access/v1/search/action`,
    } satisfies z.infer<typeof metadataShape>);
  });
}

function pathOf({ org, workspace, environment }: AskedPlace): string {
  const path = `/v1/orgs/${encodeURIComponent(org.slug)}`;
  if (workspace === null || environment === null) return path;
  const slug = environment.slice(workspace.length + 1);
  return `${path}/environments/${encodeURIComponent(workspace)}/${encodeURIComponent(slug)}`;
}
