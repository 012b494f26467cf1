import { reasons } from "../../decision/reason.ts";

/** The shapes of OFREP 0.3 as the routes have them; by them requests are validated and documents are made. */

const body = {
  title: "EvaluationRequest",
  type: "object",
  required: ["context"],
  properties: {
    context: {
      description:
        "Who asks. `targetingKey` names the member, by address or user id; every other property is an attribute of the request, `request.*` in conditions",
      type: "object",
      properties: {
        targetingKey: {
          description: "May be left out, or empty, where the org as a whole is asked about",
          type: "string",
        },
      },
      additionalProperties: true,
    },
  },
} as const;

const key = { description: "The flag's name", type: "string" } as const;

const metadata = {
  type: "object",
  properties: {
    reason: { description: "The exact reason", type: "string", enum: Object.keys(reasons) },
    decided_by: {
      description: "The address of what decided: a rule, an override, a default",
      type: "string",
    },
    undetermined: { description: "The address of a rule that could not be judged", type: "string" },
    lacks: { description: "What it lacked", type: "string", enum: ["attribute", "bucket"] },
    revision: { description: "The estate's revision", type: "integer" },
  },
} as const;

const evaluation = {
  title: "Evaluation",
  type: "object",
  required: ["key", "value", "reason"],
  properties: {
    key,
    value: { description: "true or false, text, a number, an object or a list" },
    reason: { type: "string", enum: ["STATIC", "TARGETING_MATCH", "SPLIT", "DISABLED", "UNKNOWN"] },
    variant: { description: "The name of the value, where the flag has variants", type: "string" },
    metadata,
  },
} as const;

const errorDetails = { type: "string" } as const;

const failure = {
  title: "EvaluationFailure",
  type: "object",
  required: ["key", "errorCode"],
  properties: {
    key,
    errorCode: { type: "string", enum: ["PARSE_ERROR", "INVALID_CONTEXT", "GENERAL"] },
    errorDetails,
  },
} as const;

const notFound = {
  title: "FlagNotFound",
  type: "object",
  required: ["key", "errorCode"],
  properties: { key, errorCode: { type: "string", enum: ["FLAG_NOT_FOUND"] }, errorDetails },
} as const;

const bulkFailure = {
  title: "BulkEvaluationFailure",
  type: "object",
  required: ["errorCode"],
  properties: { errorCode: failure.properties.errorCode, errorDetails },
} as const;

const bulk = {
  title: "BulkEvaluation",
  type: "object",
  required: ["flags"],
  properties: {
    flags: { type: "array", items: { anyOf: [evaluation, failure] } },
    metadata: { type: "object", properties: { revision: metadata.properties.revision } },
    eventStreams: {
      type: "array",
      items: {
        type: "object",
        required: ["type", "endpoint"],
        properties: {
          type: { type: "string", enum: ["sse"] },
          endpoint: {
            type: "object",
            required: ["requestUri"],
            properties: { requestUri: { type: "string" } },
          },
          inactivityDelaySec: { type: "integer" },
        },
      },
    },
  },
} as const;

const tags = ["OFREP"] as const;

export const evaluateFlagSchema = {
  operationId: "evaluateFlag",
  tags,
  summary: "Evaluate one flag",
  description: "OFREP 0.3. OpenFeature's providers for servers ask this.",
  body,
  response: {
    200: { description: "The flag's value", ...evaluation },
    400: { description: "The body is no context", ...failure },
    404: { description: "The catalog has no such flag, or there is no such org", ...notFound },
    500: { description: "The flag serves nothing, or this is a fault of the server's", ...failure },
  },
} as const;

/** The same for keys with slashes, which no document can tell from the others. */
export const evaluateAnyKeySchema = { body, hide: true } as const;

export const evaluateFlagsSchema = {
  operationId: "evaluateFlags",
  tags,
  summary: "Evaluate all flags",
  description:
    "OFREP 0.3. OpenFeature's providers for browsers and apps ask this. The ETag is of the answers: it stays while they do, whatever the revision",
  headers: {
    type: "object",
    properties: {
      "if-none-match": { description: "ETags that the client has the flags of", type: "string" },
    },
  },
  querystring: {
    type: "object",
    properties: {
      flagConfigEtag: {
        description: "The `etag` of the event that told the client to ask; waited for, a second at most",
        type: "string",
      },
      flagConfigLastModified: { description: "That event's `lastModified`", type: "string" },
    },
  },
  body,
  response: {
    200: { description: "Every flag of the catalog", ...bulk },
    304: { description: "The client has these flags" },
    400: { description: "The body is no context", ...bulkFailure },
    500: { description: "A fault of the server's", ...bulkFailure },
  },
} as const;

export const flagEventsSchema = {
  operationId: "flagEvents",
  tags,
  summary: "Hear when to evaluate again",
  description:
    "A stream of server-sent events, one whenever flags of the org may have changed; bulk answers give its address. Send `Last-Event-ID` to go on where a stream broke off",
  querystring: {
    type: "object",
    properties: {
      since: { description: "What the client knows already; bulk answers fill it in", type: "string" },
    },
  },
  response: {
    200: {
      description: "Events, until either side ends it",
      content: { "text/event-stream": { schema: { type: "string" } } },
    },
  },
} as const;
