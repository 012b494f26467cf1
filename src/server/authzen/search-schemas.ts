import * as z from "zod";
import { jsonSchema } from "../json-schema.ts";
import { mostResults } from "./page.ts";
import { action, context, resource, searchedResource, searchedSubject, subject } from "./parts.ts";

const page = z
  .looseObject({
    token: z.string().optional().meta({ description: "The `next_token` of the page before" }),
    limit: z
      .number()
      .int()
      .min(0)
      .optional()
      .meta({ description: `How many results at most; never more than ${mostResults}` }),
  })
  .meta({ title: "Page" });

const shared = { context: context.optional(), page: page.optional() };

const entities = z.array(z.strictObject({ type: z.string(), id: z.string() }));
const actions = z.array(z.strictObject({ name: z.string() }));

export const subjectSearchSchema = {
  operationId: "authzenSearchSubject",
  tags: ["authzen"],
  summary: "Find the members who may do something (AuthZEN 1.0)",
  description: "In order of their ids. A member is named by its key: its email address, or else its user id.",
  body: jsonSchema(z.looseObject({ subject: searchedSubject, action, resource, ...shared })),
  response: { 200: found(entities) },
};

export const resourceSearchSchema = {
  operationId: "authzenSearchResource",
  tags: ["authzen"],
  summary: "Find the known resources on which a subject may do something (AuthZEN 1.0)",
  description: "In order of their ids. Known are the estate's `resources`, its places and the org itself.",
  body: jsonSchema(z.looseObject({ subject, action, resource: searchedResource, ...shared })),
  response: { 200: found(entities) },
};

export const actionSearchSchema = {
  operationId: "authzenSearchAction",
  tags: ["authzen"],
  summary: "Find what a subject may do with a resource (AuthZEN 1.0)",
  description:
    "In order of their names: the actions that the catalog declares for the resource's type; of an org, a workspace or an environment also those of other types that may be done there, by their whole names (`document:write`).",
  body: jsonSchema(z.looseObject({ subject, resource, ...shared })),
  response: { 200: found(actions) },
};

function found(results: z.ZodType) {
  const shape = z.strictObject({
    results,
    page: z.strictObject({
      next_token: z.string().meta({ description: "Gives the next page; empty: there is none" }),
      count: z.number().meta({ description: "How many results this page has" }),
    }),
  });
  return { description: "The results", ...jsonSchema(shape) };
}
