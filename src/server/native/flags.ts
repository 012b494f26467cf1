import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { questionOf } from "../../decision/question.ts";
import { jsonSchema } from "../json-schema.ts";
import type { Serving } from "../serving.ts";
import { answerFlag, flagAnswer } from "./answer.ts";
import { answerGet } from "./answer-get.ts";
import { environment, member, placeOf, workspace } from "./asked.ts";
import { notModified, revision, slug } from "./head.ts";
import { sortedNames } from "./sorted-names.ts";

const query = z.strictObject({
  member: member.optional(),
  workspace: workspace.optional(),
  environment: environment.optional(),
});

const response = z
  .strictObject({ org: slug, flags: z.array(flagAnswer).meta({ description: "By name" }), revision })
  .meta({ title: "Flags" });

/** Says what every flag is for an org, or for one of its members, at one place. */
export function flags(scope: FastifyInstance, { clock, estate, decisions }: Serving): void {
  scope.get<{ Querystring: z.infer<typeof query> }>("/flags", { schema }, (request, reply) => {
    const { asked } = request;
    const { org } = asked;
    const { workspace, environment } = placeOf(request.query, asked);
    const { member = null } = request.query;
    const question = questionOf({ org, now: clock(), member, workspace, environment });
    const flags = sortedNames(org.catalog.flags).map((flag) => answerFlag(question, flag, decisions));
    answerGet(request, reply, { result: { org: org.slug, flags }, revision: estate.state().revision });
  });
}

const schema = {
  operationId: "listFlags",
  tags: ["native"],
  summary: "Every flag's value",
  description:
    "For the org, or for one of its members, at one place. Flags that ask about the request or a resource are answered by `check`.",
  querystring: jsonSchema(query),
  response: { 200: { description: "The flags", ...jsonSchema(response) }, 304: notModified },
};
