import { expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { get } from "../answers.ts";
import { serveEstate } from "../serve-estate.ts";
import { keyedEstate } from "./keyed-estate.ts";

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly headers?: object; readonly content?: object }>>;
}

eachEngine("the OpenAPI document, where keys are needed,", (open) => {
  test("says how to send one, and names the bare paths as operations of their own", async () => {
    const served = await keyedEstate(await open());
    const { body } = await get(served, "/openapi.json");
    expect(body.components.securitySchemes).toMatchObject({
      Bearer: { type: "http", scheme: "bearer" },
      ApiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
    });
    expect(body.security).toEqual([{ Bearer: [] }, { ApiKey: [] }]);
    const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.values(methods as Record<string, Operation>).map((operation) => ({ path, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    for (const id of ["check", "checkInEnvironment", "checkOfOwnOrg", "issueToken", "ownKey"])
      expect(ids).toContain(id);
    for (const { path, operation } of operations) {
      const isOpen = path === "/.well-known/jwks.json";
      expect({ path, open: operation.security?.length === 0 }).toEqual({ path, open: isOpen });
      expect("401" in operation.responses, path).toBe(!isOpen);
      if (!isOpen) expect(operation.responses["401"]?.content).toHaveProperty(["application/problem+json"]);
    }
  });

  test("says nothing of keys where none is needed", async () => {
    const { text } = await get(await serveEstate(await open()), "/openapi.json");
    expect(text).not.toMatch(/securitySchemes|"401"|X-API-Key|OfOwnOrg/);
  });
});
