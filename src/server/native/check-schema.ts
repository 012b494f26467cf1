import * as z from "zod";
import { jsonSchema } from "../json-schema.ts";
import { entitlementAnswer, flagAnswer, permissionAnswer } from "./answer.ts";
import { context, environment, member, resource, workspace } from "./asked.ts";
import { revision, slug } from "./head.ts";

/** What is asked for, of whom, where and about what; one of those that `check` takes many of. */
export const question = z
  .strictObject({
    permission: z
      .string()
      .optional()
      .meta({ examples: ["members:invite"] }),
    flag: z
      .string()
      .optional()
      .meta({ examples: ["new_dashboard"] }),
    entitlement: z
      .string()
      .optional()
      .meta({ examples: ["seats"] }),
    member: member.optional(),
    workspace: workspace.optional(),
    environment: environment.optional(),
    resource: resource.optional(),
    context: context.optional(),
  })
  .meta({
    title: "Question",
    description: "Asks for exactly one of `permission`, `flag` and `entitlement`",
    oneOf: [{ required: ["permission"] }, { required: ["flag"] }, { required: ["entitlement"] }],
  });

const request = z
  .strictObject({
    questions: z.array(question).min(1).max(1_000),
    member: member.optional(),
    workspace: workspace.optional(),
    environment: environment.optional(),
    context: context.optional(),
  })
  .meta({
    title: "CheckRequest",
    description:
      "What is said beside the questions holds for those that do not say it themselves. A context, and a place, count whole: a question that names a workspace or an environment is asked there and nowhere else",
  });

const response = z
  .strictObject({
    org: slug,
    revision,
    answers: z
      .array(z.discriminatedUnion("kind", [permissionAnswer, flagAnswer, entitlementAnswer]))
      .meta({ description: "One for each question, in their order" }),
  })
  .meta({ title: "CheckResponse" });

export type CheckQuestion = z.infer<typeof question>;
export type CheckRequest = z.infer<typeof request>;

export const checkSchema = {
  operationId: "check",
  tags: ["native"],
  summary: "Answer permission, flag and entitlement questions",
  description:
    "One answer for each question, in order. An unknown permission, flag, feature, member or place is a no with its reason, never an error.",
  body: jsonSchema(request),
  response: { 200: { description: "The answers", ...jsonSchema(response) } },
};
