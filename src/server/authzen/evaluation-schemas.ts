import * as z from "zod";
import { jsonSchema } from "../json-schema.ts";
import { mostEvaluations, semantics } from "./evaluations.ts";
import { action, context, decided, resource, subject, undecided } from "./parts.ts";

const single = z
  .looseObject({ subject, action, resource, context: context.optional() })
  .meta({ title: "Evaluation" });

/** What is required of each evaluation is judged one by one, so that one that is invalid leaves the others theirs. */
const several = z
  .looseObject({
    subject: subject.optional(),
    action: action.optional(),
    resource: resource.optional(),
    context: context.optional(),
    evaluations: z.array(z.unknown()).max(mostEvaluations).optional().meta({
      description:
        "Each may say its own subject, action, resource and context, which then count whole. None: the request is one evaluation itself",
    }),
    options: z.looseObject({ evaluations_semantic: z.enum(semantics).optional() }).optional(),
  })
  .meta({ title: "Evaluations" });

const answers = z
  .strictObject({ evaluations: z.array(z.union([decided, undecided])) })
  .meta({ title: "Decisions", description: "In order, up to the one that decides" });

export const evaluationSchema = {
  operationId: "authzenEvaluation",
  tags: ["authzen"],
  summary: "Decide whether a subject may do something (AuthZEN 1.0)",
  description: "Whatever is not known is a denial, with its reason in the context.",
  body: jsonSchema(single),
  response: { 200: { description: "The decision", ...jsonSchema(decided) } },
};

export const evaluationsSchema = {
  operationId: "authzenEvaluations",
  tags: ["authzen"],
  summary: "Decide several evaluations in one request (AuthZEN 1.0)",
  description: "What is said beside `evaluations` holds for those that do not say it themselves.",
  body: jsonSchema(several),
  response: {
    200: {
      description: "The decisions; of a request without evaluations the one decision",
      ...jsonSchema(z.union([answers, decided])),
    },
  },
};

/** The keys of one evaluation, of a request that has to be one since it holds no others. */
export const singleKeys = ["subject", "action", "resource"] as const;
