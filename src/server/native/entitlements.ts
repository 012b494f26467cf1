import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { questionOf } from "../../decision/question.ts";
import { jsonSchema } from "../json-schema.ts";
import type { Serving } from "../serving.ts";
import { answerEntitlement, entitlementAnswer } from "./answer.ts";
import { answerGet } from "./answer-get.ts";
import { environment, placeOf, workspace } from "./asked.ts";
import { notModified, revision, slug } from "./head.ts";
import { sortedNames } from "./sorted-names.ts";

const query = z.strictObject({ workspace: workspace.optional(), environment: environment.optional() });

const response = z
  .strictObject({
    org: slug,
    entitlements: z.array(entitlementAnswer).meta({ description: "By name" }),
    revision,
  })
  .meta({ title: "Entitlements" });

/** Says what an org has of every feature, at one place. */
export function entitlements(scope: FastifyInstance, { clock, estate, decisions }: Serving): void {
  scope.get<{ Querystring: z.infer<typeof query> }>("/entitlements", { schema }, (request, reply) => {
    const { asked } = request;
    const { org } = asked;
    const { workspace, environment } = placeOf(request.query, asked);
    const question = questionOf({ org, now: clock(), workspace, environment });
    const entitlements = sortedNames(org.catalog.features).map((name) =>
      answerEntitlement(question, name, decisions),
    );
    answerGet(request, reply, { result: { org: org.slug, entitlements }, revision: estate.state().revision });
  });
}

const schema = {
  operationId: "listEntitlements",
  tags: ["native"],
  summary: "What the org has of every feature",
  description: "Switches, limits, quotas and choices, by the plans in force and what overrides them.",
  querystring: jsonSchema(query),
  response: { 200: { description: "The entitlements", ...jsonSchema(response) }, 304: notModified },
};
