import { problems } from "../problem.ts";

/** As much of an OpenAPI document as is looked at here. */
interface Document {
  readonly paths?: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components?: object;
}

interface Operation {
  /** Empty: nobody needs a key. */
  readonly security?: readonly object[];
  readonly responses?: object;
}

/** Adds to a document how one says who asks, and the answer to who does not. */
export function addSecurity(document: Document): object {
  const paths = Object.entries(document.paths ?? {}).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [method, withRefusal(operation)]),
    ),
  ]);
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, securitySchemes: { Bearer: bearer, ApiKey: apiKey } },
    security: [{ Bearer: [] }, { ApiKey: [] }],
  };
}

function withRefusal(operation: Operation): Operation {
  if (operation.security?.length === 0) return operation;
  return { ...operation, responses: { ...operation.responses, 401: refusal } };
}

const bearer = {
  type: "http",
  scheme: "bearer",
  description: "A key (`fl_…`), or the token that `POST /v1/token` gives for it",
};

const apiKey = { type: "apiKey", in: "header", name: "X-API-Key", description: "A key" };

const refusal = {
  description: problems.unauthorized.title,
  headers: {
    "WWW-Authenticate": {
      description: 'RFC 6750: `Bearer`, with `error="invalid_token"` where there was one that does not work',
      schema: { type: "string" },
    },
  },
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};
