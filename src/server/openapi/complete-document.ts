import { problems } from "../problem.ts";
import { nameSchemas } from "./name-schemas.ts";
import { problemSchema } from "./problem-schema.ts";

/** As much of an OpenAPI document as is looked at here. */
export interface Document {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components?: { readonly schemas?: { readonly [name: string]: unknown } };
}

export interface Operation {
  readonly requestBody?: unknown;
  readonly parameters?: readonly Parameter[];
  readonly responses: { readonly [status: string]: Response };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
}

interface Response {
  readonly description: string;
  readonly headers?: { readonly [name: string]: unknown };
  readonly content?: { readonly [mediaType: string]: unknown };
}

/** Adds to a document what holds for every operation: the revision's headers, and the problems. */
export function completeDocument(document: Document): object {
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [method, complete(path, operation)]),
      ),
    ]),
  );
  const { schemas, named } = nameSchemas(paths);
  return {
    ...document,
    paths: named,
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, ...schemas, Problem: problemSchema },
      parameters: { MinRevision: minRevision, IfNoneMatch: ifNoneMatch },
      headers: { Epoch: epoch, Revision: revision, Age: age, ETag: etag },
    },
  };
}

function complete(path: string, operation: Operation): Operation {
  const { parameters = [], responses } = operation;
  const isConditional = "304" in responses;
  return {
    ...operation,
    parameters: [
      ...parameters.map((parameter) => withDescription(parameter)),
      ...(isConditional ? [reference("parameters/IfNoneMatch")] : []),
      reference("parameters/MinRevision"),
    ] as readonly Parameter[],
    responses: Object.fromEntries(
      Object.entries(withProblems(responses, problemStatuses(path, operation))).map(([status, response]) => [
        status,
        withHeaders(response, isConditional && (status === "200" || status === "304")),
      ]),
    ),
  };
}

function withDescription(parameter: Parameter): Parameter {
  const description = parameter.in === "path" ? pathParameters[parameter.name] : undefined;
  return description ? { description, ...parameter } : parameter;
}

const pathParameters: { readonly [name: string]: string } = {
  org: "The org's slug",
  workspace: "The workspace's slug",
  environment: "The environment's slug, without its workspace",
  member: "An email address, in any case, or the app's id of the user",
  user: "An email address, in any case, or the app's id of the user",
  key: "The flag's name",
};

/** Which problems an operation may answer with, by what it takes. */
function problemStatuses(path: string, { requestBody }: Operation): ReadonlySet<number> {
  return new Set([
    400,
    412,
    500,
    503,
    ...(path.includes("{org}") ? [404] : []),
    ...(requestBody ? [413, 415] : []),
  ]);
}

/** A protocol that answers some errors in a form of its own has problems beside it. */
function withProblems(
  responses: Operation["responses"],
  statuses: ReadonlySet<number>,
): Operation["responses"] {
  const found = { ...responses };
  for (const { status, title } of Object.values(problems)) {
    if (!statuses.has(status)) continue;
    const there = responses[status];
    const told = there ?? found[status];
    found[status] = {
      ...told,
      // The first title that has the status: the others are of no route.
      description: told?.description ?? title,
      content: { ...there?.content, "application/problem+json": { schema: reference("schemas/Problem") } },
    };
  }
  return found;
}

function withHeaders(response: Response, hasTag: boolean): Response {
  return {
    ...response,
    headers: {
      ...response.headers,
      "Tenantry-Epoch": reference("headers/Epoch"),
      "Tenantry-Revision": reference("headers/Revision"),
      "Tenantry-Age": reference("headers/Age"),
      ...(hasTag ? { ETag: reference("headers/ETag") } : {}),
    },
  };
}

const reference = (path: string) => ({ $ref: `#/components/${path}` });

const wholeNumber = { type: "integer", minimum: 0 };

const minRevision = {
  name: "Tenantry-Min-Revision",
  in: "header",
  description:
    "The revision that the answer must be from, or a later one, such as one's own apply made. It is waited for a second at most; then the answer is 412",
  schema: wholeNumber,
};

const ifNoneMatch = {
  name: "If-None-Match",
  in: "header",
  description: "The tag of the result that one has; while it is the same, the answer is 304",
  schema: { type: "string" },
};

const epoch = {
  description:
    "Names the estate's history: where it is another one, another estate stands there, and revisions begin anew",
  required: true,
  schema: { type: "string" },
};

const revision = {
  description: "The revision of the estate that is known; answers are from it at least",
  required: true,
  schema: wholeNumber,
};

const age = {
  description: "How many seconds ago that was known to be so; only where it counts as stale",
  schema: wholeNumber,
};

const etag = { description: "Names the result, whatever the revision", schema: { type: "string" } };
