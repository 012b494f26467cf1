import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { problems } from "../../src/server/problem.ts";
import { eachEngine } from "../engines.ts";
import { type Answered, get, post } from "./answers.ts";
import { serveEstate } from "./serve-estate.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Record<string, unknown>[];
  readonly responses: {
    readonly [status: string]: {
      readonly description: string;
      readonly headers: Record<string, unknown>;
      readonly content?: { readonly [type: string]: { readonly schema: object } };
    };
  };
}

type Document = {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: { readonly schemas: { readonly [name: string]: object } };
} & Readonly<Record<string, unknown>>;

const org = "/v1/orgs/{org}";
const live = `${org}/environments/{workspace}/{environment}`;

eachEngine("the OpenAPI document", (open) => {
  test("names every operation once, with what it takes and answers, and every reference leads somewhere", async () => {
    const served = await serveEstate(await open());
    const { status, headers, body } = await get(served, "/openapi.json");
    const document: Document = body;
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Tenantry", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      servers: [{ url: "http://localhost:4600" }],
    });
    const names = ["check", "flags", "entitlements", "config", "members/{member}/permissions"];
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        ...[org, live].flatMap((base) => names.map((name) => `${base}/${name}`)),
        "/v1/users/{user}/orgs",
      ]),
    );
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, at) => !/^[a-z]\w+$/i.test(id) || ids.indexOf(id) !== at)).toEqual([]);
    for (const { path, operation } of operations) {
      const { summary, tags, parameters, responses } = operation;
      expect({ path, summary, tags }).toEqual({
        path,
        summary: expect.stringMatching(/^[A-Z]/),
        tags: [expect.any(String)],
      });
      expect(parameters).toContainEqual({ $ref: "#/components/parameters/MinRevision" });
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      for (const { description } of inPath) expect(description).toEqual(expect.any(String));
      for (const wrong of ["400", "412", "500", "503"]) {
        expect(responses[wrong]?.content).toHaveProperty(["application/problem+json"]);
      }
      for (const response of Object.values(responses)) {
        expect(response.description).not.toBe("Default Response");
        expect(response.headers).toHaveProperty("Tenantry-Revision");
      }
    }
    for (const reference of referencesIn(document)) expect(found(document, reference)).toBeTypeOf("object");
    const ajv = schemasOf(document);
    for (const pointer of schemaPointers(document)) expect(() => ajv.getSchema(pointer)).not.toThrow();
  });

  test("holds for the answers that are given", async () => {
    const served = await serveEstate(await open());
    const document: Document = (await get(served, "/openapi.json")).body;
    const ajv = schemasOf(document);
    const seen = new Set<string>();
    const holds = (method: string, path: string, { status, headers, text, body }: Answered) => {
      const response = document.paths[path]?.[method]?.responses[status];
      expect(response, `${method} ${path} ${status}`).toBeDefined();
      seen.add(`${method} ${path} ${status}`);
      if (text === "") return expect(response?.content).toBeUndefined();
      const type = String(headers["content-type"]).split(";")[0] as string;
      const pointer = ["paths", path, method, "responses", String(status), "content", type, "schema"];
      const validate = ajv.getSchema(pointerTo(pointer));
      validate?.(body);
      expect({ pointer, errors: validate?.errors }).toEqual({ pointer, errors: null });
    };
    const questions = [
      { permission: "members:invite", member: "ana@acme.example", context: { mfa: true } },
      { permission: "nothing" },
      { flag: "new_dashboard" },
      { flag: "checkout" },
      { flag: "nothing" },
      ...["api_calls", "seats", "sso", "support", "workspaces", "nothing"].map((entitlement) => ({
        entitlement,
      })),
    ];
    const late = { "tenantry-min-revision": "99" };
    const lists = ["flags", "entitlements", "config", "members/ana@acme.example/permissions"];
    for (const [template, of] of [
      [org, (slug: string) => `/v1/orgs/${slug}`],
      [live, (slug: string) => `/v1/orgs/${slug}/environments/web/live`],
    ] as const) {
      for (const slug of ["acme", "globex", "initech", "nothing"]) {
        const check = `${template}/check`;
        holds("post", check, await post(served, `${of(slug)}/check`, { questions }));
        holds("post", check, await post(served, `${of(slug)}/check`, {}));
        for (const list of lists) {
          const path = `${template}/${list.replace("ana@acme.example", "{member}")}`;
          const answer = await get(served, `${of(slug)}/${list}`);
          holds("get", path, answer);
          const { etag } = answer.headers;
          if (etag)
            holds("get", path, await get(served, `${of(slug)}/${list}`, { "if-none-match": String(etag) }));
          holds("get", path, await get(served, `${of(slug)}/${list}?no=1`));
        }
      }
    }
    const [check, headers] = ["/v1/orgs/acme/check", { "content-type": "text/plain" }];
    holds("post", `${org}/check`, await post(served, check, { questions }, headers));
    holds("post", `${org}/check`, await post(served, check, { questions: "x".repeat(1_100_000) }));
    holds("get", `${org}/config`, await get(served, "/v1/orgs/acme/config", late));
    const users = "/v1/users/{user}/orgs";
    for (const user of ["cy@contractor.example", "nobody"]) {
      holds("get", users, await get(served, `/v1/users/${user}/orgs`));
    }
    const mine = [...seen].sort();
    expect(mine.filter((each) => each.startsWith(`get ${org}/config`))).toEqual(
      [200, 304, 400, 404, 412].map((status) => `get ${org}/config ${status}`),
    );
    expect(mine.filter((each) => each.startsWith(`post ${org}/check`))).toEqual(
      [200, 400, 404, 413, 415].map((status) => `post ${org}/check ${status}`),
    );
  });

  test("has every problem there is", async () => {
    const { body } = await get(await serveEstate(await open()), "/openapi.json");
    expect(body.components.schemas.Problem.properties.type.enum).toEqual(
      Object.keys(problems).map((name) => `urn:tenantry:problem:${name}`),
    );
  });
});

const documentId = "https://tenantry.example/openapi.json";

/** The document's own schemas; it is no schema itself, and what stands between them means nothing to ajv. */
function schemasOf(document: Document): Ajv2020 {
  const { paths, components } = document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  return ajv.addSchema({ paths, components, $id: documentId });
}

function pointerTo(path: readonly string[]): string {
  const parts = path.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")));
  return `${documentId}#/${parts.join("/")}`;
}

function schemaPointers(document: Document): string[] {
  const pointers = Object.keys(document.components.schemas).map((name) =>
    pointerTo(["components", "schemas", name]),
  );
  const visit = (value: unknown, path: readonly string[]) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      if (key === "schema") pointers.push(pointerTo([...path, key]));
      else visit(each, [...path, key]);
    }
  };
  visit(document.paths, ["paths"]);
  return pointers;
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === "$ref" && typeof each === "string" ? [each] : referencesIn(each),
  );
}

function found(document: unknown, reference: string): unknown {
  return reference
    .slice(2)
    .split("/")
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
}
