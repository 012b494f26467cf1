import type { FastifyInstance } from "fastify";
import * as z from "zod";
import { questionOf } from "../../decision/question.ts";
import { jsonSchema } from "../json-schema.ts";
import type { Serving } from "../serving.ts";
import { answerPermission, permissionAnswer } from "./answer.ts";
import { answerGet } from "./answer-get.ts";
import { askedResource, environment, placeOf, workspace } from "./asked.ts";
import { notModified, revision, slug } from "./head.ts";
import { sortedNames } from "./sorted-names.ts";

const query = z
  .strictObject({
    workspace: workspace.optional(),
    environment: environment.optional(),
    resource_type: z
      .string()
      .optional()
      .meta({ examples: ["document"] }),
    resource_id: z
      .string()
      .optional()
      .meta({ description: "With `resource_type`; what the estate knows of the resource counts" }),
    mfa: z.enum(["true", "false"]).optional().meta({
      description: "Whether the member has shown a second factor",
    }),
  })
  .meta({ dependencies: { resource_id: ["resource_type"] } });

const response = z
  .strictObject({
    org: slug,
    member: z.string().meta({ description: "As it was asked for" }),
    permissions: z.array(permissionAnswer).meta({ description: "By name" }),
    revision,
  })
  .meta({ title: "MemberPermissions" });

type Route = { Querystring: z.infer<typeof query>; Params: { readonly member: string } };

/** Says of every permission whether a member has it, at one place; for somebody unknown, each is a no. */
export function memberPermissions(scope: FastifyInstance, { clock, estate, decisions }: Serving): void {
  scope.get<Route>("/members/:member/permissions", { schema }, (request, reply) => {
    const { asked, query } = request;
    const { org } = asked;
    const { member } = request.params;
    const { workspace, environment } = placeOf(query, asked);
    const { resource_type: type, resource_id: id, mfa } = query;
    const question = questionOf({
      org,
      now: clock(),
      member,
      workspace,
      environment,
      resource: type === undefined ? null : askedResource({ type, id }),
      request: mfa === undefined ? null : { mfa: mfa === "true" },
    });
    const permissions = sortedNames(org.catalog.permissions).map((name) =>
      answerPermission(question, name, decisions),
    );
    answerGet(request, reply, {
      result: { org: org.slug, member, permissions },
      revision: estate.state().revision,
    });
  });
}

const schema = {
  operationId: "listMemberPermissions",
  tags: ["native"],
  summary: "Every permission of a member",
  description:
    "Whether the member has it, at one place, and why. Grants with conditions on the request or on attributes that the estate does not know are answered by `check`.",
  querystring: jsonSchema(query),
  response: { 200: { description: "The permissions", ...jsonSchema(response) }, 304: notModified },
};
