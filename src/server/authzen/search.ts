import type { FastifyInstance, FastifyReply } from "fastify";
import type { Attributes } from "../../decision/question.ts";
import type { AskedPlace } from "../org-scope.ts";
import { sendProblem } from "../problem.ts";
import type { Serving } from "../serving.ts";
import { actionCandidates, memberCandidates, resourceCandidates } from "./candidates.ts";
import { type Action, claimsOf, decideClaimed, type Entity, type Evaluation } from "./evaluation.ts";
import { findPage, lastOf, mostResults, tokenOf } from "./page.ts";
import { actionSearchSchema, resourceSearchSchema, subjectSearchSchema } from "./search-schemas.ts";

interface Paged {
  readonly context?: Attributes;
  readonly page?: { readonly token?: string; readonly limit?: number };
}

type Searched = Omit<Entity, "id">;

export interface SubjectSearch extends Paged {
  readonly subject: Searched;
  readonly action: Action;
  readonly resource: Entity;
}

export interface ResourceSearch extends Paged {
  readonly subject: Entity;
  readonly action: Action;
  readonly resource: Searched;
}

export interface ActionSearch extends Paged {
  readonly subject: Entity;
  readonly resource: Entity;
}

/** AuthZEN 1.0 §8: who may, on what, and what. A search finds exactly that for which an evaluation would be true. */
export function searches(scope: FastifyInstance, { clock }: Serving): void {
  scope.post<{ Body: SubjectSearch }>(
    "/access/v1/search/subject",
    { schema: subjectSearchSchema },
    ({ body, asked }, reply) => {
      const { subject, action, resource, context } = body;
      const { type } = subject;
      return answer(reply, body.page, {
        name: nameOf("subject", asked, [type, action.name, resource.type, resource.id]),
        candidates: memberCandidates(asked.org),
        evaluation: (id) => ({ subject: { type, id }, action, resource, ...(context && { context }) }),
        result: (id) => ({ type, id }),
        claims: claimsOf(subject),
        at: asked,
        now: clock(),
      });
    },
  );
  scope.post<{ Body: ResourceSearch }>(
    "/access/v1/search/resource",
    { schema: resourceSearchSchema },
    ({ body, asked }, reply) => {
      const { subject, action, resource, context } = body;
      const { type, properties } = resource;
      return answer(reply, body.page, {
        name: nameOf("resource", asked, [subject.type, subject.id, action.name, type]),
        candidates: resourceCandidates(asked.org, type),
        evaluation: (id) => ({
          subject,
          action,
          resource: { type, id, ...(properties && { properties }) },
          ...(context && { context }),
        }),
        result: (id) => ({ type, id }),
        claims: claimsOf(subject),
        at: asked,
        now: clock(),
      });
    },
  );
  scope.post<{ Body: ActionSearch }>(
    "/access/v1/search/action",
    { schema: actionSearchSchema },
    ({ body, asked }, reply) => {
      const { subject, resource, context } = body;
      return answer(reply, body.page, {
        name: nameOf("action", asked, [subject.type, subject.id, resource.type, resource.id]),
        candidates: actionCandidates(asked.org, resource.type),
        evaluation: (name) => ({ subject, action: { name }, resource, ...(context && { context }) }),
        result: (name) => ({ name }),
        claims: claimsOf(subject),
        at: asked,
        now: clock(),
      });
    },
  );
}

interface Search {
  /** Tells it from every other search: pages of one are no pages of another. */
  readonly name: string;
  readonly candidates: readonly string[] | Promise<readonly string[]>;
  readonly evaluation: (candidate: string) => Evaluation;
  readonly result: (candidate: string) => object;
  readonly claims: Attributes;
  readonly at: AskedPlace;
  readonly now: number;
}

function nameOf(kind: string, { org, workspace, environment }: AskedPlace, about: readonly string[]): string {
  return JSON.stringify([kind, org.slug, workspace, environment, ...about]);
}

/** The whole search is answered from one state of the org, also where others have their turn meanwhile. */
async function answer(reply: FastifyReply, page: Paged["page"], search: Search): Promise<FastifyReply> {
  const { token = "", limit = mostResults } = page ?? {};
  const after = token === "" ? "" : lastOf(search.name, token);
  if (after === null) {
    return sendProblem(reply, "bad-request", {
      detail: "The token is not one that this search gave. Leave it out for the first page.",
      at: "/page/token",
    });
  }
  const asked = { after, limit: Math.min(limit, mostResults) };
  const { found, hasMore } = await findPage(
    await search.candidates,
    asked,
    (candidate) => decideClaimed(search.evaluation(candidate), search.claims, search).isAllowed,
  );
  return reply.send({
    results: found.map(search.result),
    page: { next_token: hasMore ? tokenOf(search.name, found.at(-1) ?? after) : "", count: found.length },
  });
}
