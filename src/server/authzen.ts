import type { FastifyError, FastifyInstance } from "fastify";
import type { PermissionDecision } from "../decision/decide-permission.ts";
import { answerOf } from "./authzen/answer.ts";
import { decideEvaluation, type Evaluation } from "./authzen/evaluation.ts";
import { evaluationSchema, evaluationsSchema, singleKeys } from "./authzen/evaluation-schemas.ts";
import { decideAll, type Evaluations } from "./authzen/evaluations.ts";
import { metadata } from "./authzen/metadata.ts";
import { searches } from "./authzen/search.ts";
import { onOrgs } from "./org-scope.ts";
import { sendProblem } from "./problem.ts";
import type { Serving } from "./serving.ts";

const wellKnown = "/.well-known/authzen-configuration";

/**
 * The OpenID AuthZEN Authorization API 1.0: each org, and each of its environments, is a policy decision point. Its
 * configuration is where the standard looks for it, with the org's path behind the well-known one, and at its own path. With a
 * key of one org the server itself is one, too.
 */
export function authzen(app: FastifyInstance, serving: Serving): void {
  const addRoutes = (scope: FastifyInstance) => {
    takeMediaTypesAsFaults(scope);
    evaluations(scope, serving);
    searches(scope, serving);
    metadata(scope, { path: wellKnown, operationId: "authzenConfigurationOfOrg" }, serving);
  };
  onOrgs(app, serving, { bare: "", addRoutes });
  const root = async (scope: FastifyInstance) =>
    onOrgs(scope, serving, {
      bare: null,
      addRoutes: (inner) => metadata(inner, { path: "", operationId: "authzenConfiguration" }, serving),
    });
  app.register(root, { prefix: wellKnown });
}

/** AuthZEN 1.0 §10.1.2 knows no 415: a body that is not JSON by its Content-Type is a bad request. */
function takeMediaTypesAsFaults(scope: FastifyInstance): void {
  scope.setErrorHandler((error: FastifyError, _, reply) => {
    if (error.code !== "FST_ERR_CTP_INVALID_MEDIA_TYPE") throw error;
    sendProblem(reply, "bad-request", { detail: "The Content-Type has to be application/json." });
  });
}

/** What apps ask on every request: nothing here waits or makes a function. */
function evaluations(scope: FastifyInstance, { estate, clock, decisions }: Serving): void {
  const count = ({ isAllowed, reason }: PermissionDecision) =>
    decisions.count("permission", isAllowed, reason);
  scope.post<{ Body: Evaluation }>(
    "/access/v1/evaluation",
    { schema: evaluationSchema },
    ({ body, asked }, reply) => {
      const decision = decideEvaluation(body, { at: asked, now: clock() });
      count(decision);
      reply.send(answerOf(decision, estate.state().revision));
    },
  );
  scope.post<{ Body: Evaluations }>(
    "/access/v1/evaluations",
    // The answers are of several shapes: told apart by a schema they would take longer to write than to decide.
    { schema: evaluationsSchema, serializerCompiler: () => JSON.stringify },
    ({ body, asked }, reply) => {
      const { revision } = estate.state();
      const asking = { at: asked, now: clock(), revision, count };
      if (body.evaluations?.length) return reply.send({ evaluations: decideAll(body, asking) });
      for (const key of singleKeys) {
        if (body[key] === undefined) {
          const detail = `Without evaluations the request is one itself, and has to say its ${key}.`;
          return sendProblem(reply, "bad-request", { detail, at: `/${key}` });
        }
      }
      const decision = decideEvaluation(body as Evaluation, asking);
      count(decision);
      return reply.send(answerOf(decision, revision));
    },
  );
}
