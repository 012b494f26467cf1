import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { explain, type Wanted } from "../../decision/explain.ts";
import { answerJson, explanationJson } from "../../view/explanation-json.ts";
import { jsonSchema } from "../json-schema.ts";
import type { Serving } from "../serving.ts";
import { entitlementAnswer, flagAnswer, permissionAnswer } from "./answer.ts";
import { ask } from "./check.ts";
import { type CheckQuestion, question } from "./check-schema.ts";
import { revision, slug } from "./head.ts";

const response = z
  .strictObject({
    org: slug,
    revision,
    answer: z.discriminatedUnion("kind", [permissionAnswer, flagAnswer, entitlementAnswer]),
    explanation: z.record(z.string(), z.unknown()).meta({
      description:
        "All that was looked at, as `tenantry check --explain --json` prints it: fields may be added, and are never taken away",
    }),
  })
  .meta({ title: "ExplainResponse" });

/** Answers one question and says all that was looked at for it. It is for people, and no decision that is counted. */
export function explainOne(scope: FastifyInstance, { clock, estate }: Serving): void {
  scope.post<{ Body: CheckQuestion }>("/explain", { schema }, ({ body, asked }, reply) => {
    const explained = explain(wantedOf(body), ask(body, body, asked, clock()));
    reply.send({
      org: asked.org.slug,
      revision: estate.state().revision,
      answer: answerJson(explained),
      explanation: explanationJson(explained),
    });
  });
}

function wantedOf({ permission, flag, entitlement }: CheckQuestion): Wanted {
  if (permission !== undefined) return { kind: "permission", name: permission };
  if (flag !== undefined) return { kind: "flag", name: flag };
  return { kind: "entitlement", name: entitlement as string };
}

const schema = {
  operationId: "explain",
  tags: ["native"],
  summary: "Answer one question, and say why",
  description:
    "The same answer as `check` gives, with every role, rule, override and plan that was looked at.",
  body: jsonSchema(question),
  response: { 200: { description: "The answer and its explanation", ...jsonSchema(response) } },
};
