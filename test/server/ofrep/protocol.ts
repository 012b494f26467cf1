import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { parse } from "yaml";

/** The protocol's own document, as its authors publish it (see LICENSE beside it). */
const document = parse(readFileSync(join(import.meta.dirname, "openapi.yaml"), "utf8"));

// As `oneOf`, a whole number would be wrong for being an integer and a float, and every value for being also a
// `codeDefaultFlag`, which asks for nothing. What is meant is any of them.
const [, kinds] = document.components.schemas.evaluationSuccess.allOf;
kinds.anyOf = kinds.oneOf;
kinds.oneOf = undefined;

// Formats are notes to readers here, and examples are words of OpenAPI's.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: "urn:ofrep:0.3", components: JSON.parse(JSON.stringify(document.components)) });

const paths = {
  one: "/ofrep/v1/evaluate/flags/{key}",
  all: "/ofrep/v1/evaluate/flags",
} as const;

export interface Answered {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

/** Fails where the protocol's document does not allow an answer to an operation. */
export function expectProtocol(operation: keyof typeof paths, { status, contentType, body }: Answered): void {
  const response = document.paths[paths[operation]].post.responses[status];
  expect(response, `${status} is a status of the protocol's`).toBeDefined();
  const { schema } = response.content?.["application/json"] ?? {};
  if (!schema) {
    expect(body).toBe("");
    return;
  }
  expect(contentType).toMatch(/^application\/json\b/);
  expectShape(schema.$ref.split("/").at(-1), JSON.parse(body));
}

/** Fails where a value is not what the document's schema of that name wants. */
export function expectShape(schema: string, value: unknown): void {
  const validate = ajv.getSchema(`urn:ofrep:0.3#/components/schemas/${schema}`);
  if (!validate) throw new Error(`The document has no schema ${schema}`);
  validate(value);
  expect(validate.errors ?? [], JSON.stringify(value)).toEqual([]);
}

/** A `fetch` for providers that holds every answer against the document. */
export function checkedFetch(answers: Answered[] = []): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const answered = {
      status: response.status,
      contentType: response.headers.get("content-type"),
      body: await response.clone().text(),
    };
    answers.push(answered);
    const url = new URL(input instanceof Request ? input.url : input);
    expectProtocol(url.pathname.endsWith("/evaluate/flags") ? "all" : "one", answered);
    return response;
  };
}
