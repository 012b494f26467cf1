import * as z from "zod";
import { type Reason, reasons } from "../../decision/reason.ts";

/** What several of AuthZEN's requests and answers are made of (AuthZEN 1.0 §5). Fields that are not named are ignored. */

const properties = z
  .record(z.string(), z.unknown())
  .meta({ description: "Attributes for conditions; what the estate itself knows beats them" });

const subjectType = z.string().meta({
  description: "`user` or `service`, as the member is; or `member`, which all of them are",
  examples: ["user"],
});

const resourceType = z.string().meta({
  description:
    "A type of the catalog; or `workspace`, `environment` or `org`, whose resources are the org's own places",
  examples: ["document"],
});

const resourceProperties = properties.meta({
  description:
    "Attributes for conditions; what the estate itself knows beats them. `workspace` (`web`) and `environment` (`web/live`) say where the resource is",
});

export const subject = z
  .looseObject({
    type: subjectType,
    id: z.string().meta({
      description: "A member's email address, in any case, or the app's id of the user",
      examples: ["ana@acme.example"],
    }),
    properties: properties.optional(),
  })
  .meta({ title: "Subject" });

export const action = z
  .looseObject({
    name: z.string().meta({
      description: "A permission: `document:write`, or `write` where the resource is of the type `document`",
      examples: ["write"],
    }),
    properties: properties.optional(),
  })
  .meta({ title: "Action" });

export const resource = z
  .looseObject({
    type: resourceType,
    id: z.string().meta({ examples: ["returns-policy"] }),
    properties: resourceProperties.optional(),
  })
  .meta({ title: "Resource" });

export const searchedSubject = z
  .looseObject({ type: subjectType, properties: properties.optional() })
  .meta({ title: "SearchedSubject", description: "An `id` is ignored" });

export const searchedResource = z
  .looseObject({ type: resourceType, properties: resourceProperties.optional() })
  .meta({ title: "SearchedResource", description: "An `id` is ignored" });

export const context = z.record(z.string(), z.unknown()).meta({
  description: "`mfa`, and the attributes of requests that the catalog declares",
  examples: [{ mfa: true }],
});

const explained = z.strictObject({
  reason: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]),
  decided_by: z.string().nullable().meta({
    description: "The address of what decided it: `catalog/role/editor#grants/1`. Null where nothing did",
  }),
  through: z.string().nullable().meta({
    description: "The binding by which the role is held: `acme/binding/ana@acme.example:owner`",
  }),
  revision: z.number().meta({ description: "From which revision of the estate this is, at least" }),
});

export const decided = z
  .strictObject({ decision: z.boolean(), context: explained })
  .meta({ title: "Decision", description: "A denial is an answer like any other" });

export const undecided = z
  .strictObject({
    decision: z.literal(false),
    context: z.strictObject({ error: z.strictObject({ status: z.number(), message: z.string() }) }),
  })
  .meta({
    title: "InvalidEvaluation",
    description: "The evaluation cannot be read; the others are answered",
  });
