import type { FastifyInstance } from "fastify";
import { type Question, questionOf } from "../../decision/question.ts";
import type { AskedPlace } from "../org-scope.ts";
import type { Serving } from "../serving.ts";
import { type Answer, answerEntitlement, answerFlag, answerPermission } from "./answer.ts";
import { askedResource, namesPlace } from "./asked.ts";
import { type CheckQuestion, type CheckRequest, checkSchema } from "./check-schema.ts";

/**
 * Answers up to a thousand questions in one call, in order. This is what apps ask on every request: nothing here waits,
 * spreads or makes a function.
 */
export function check(scope: FastifyInstance, { clock, estate, decisions }: Serving): void {
  scope.post<{ Body: CheckRequest }>("/check", { schema: checkSchema }, (request, reply) => {
    const { body, asked } = request;
    const { questions } = body;
    const now = clock();
    const answers: Answer[] = [];
    for (let at = 0; at < questions.length; at++) {
      const each = questions[at] as CheckQuestion;
      const question = ask(each, body, asked, now);
      if (each.permission !== undefined) answers.push(answerPermission(question, each.permission, decisions));
      else if (each.flag !== undefined) answers.push(answerFlag(question, each.flag, decisions));
      else answers.push(answerEntitlement(question, each.entitlement as string, decisions));
    }
    reply.send({ org: asked.org.slug, revision: estate.state().revision, answers });
  });
}

/** What a question does not say itself, the request says for all of its questions, or its path. */
export function ask(
  asked: CheckQuestion,
  defaults: Omit<CheckRequest, "questions">,
  path: AskedPlace,
  now: number,
): Question {
  const placed = namesPlace(asked) ? asked : namesPlace(defaults) ? defaults : path;
  return questionOf({
    org: path.org,
    now,
    member: asked.member ?? defaults.member ?? null,
    workspace: placed.workspace ?? null,
    environment: placed.environment ?? null,
    resource: askedResource(asked.resource),
    request: asked.context ?? defaults.context ?? null,
  });
}
