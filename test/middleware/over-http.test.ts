import { expect, test } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { requirePermission as requireInExpress } from "../../src/middleware/express.ts";
import { requirePermission as requireInFastify } from "../../src/middleware/fastify.ts";
import { requirePermission as requireInHono } from "../../src/middleware/hono.ts";
import { TenantryProvider } from "../../src/openfeature/provider.ts";
import { clientOf, lineTo, listeningServer } from "../client/listening-server.ts";
import { mockServer } from "../client/mock-server.ts";
import { eachEngine } from "../engines.ts";
import { shopApps } from "./shop-apps.ts";
import { shopFiles } from "./shop-estate.ts";

for (const [framework, start] of Object.entries(shopApps)) {
  test(`requirePermission of ${framework} lets nobody through by what is no answer`, async () => {
    const no = { kind: "permission", permission: "orders:write", allowed: "false", reason: "not-granted" };
    const bodies = [{}, [1], { answers: [] }, { org: "acme", revision: 1, answers: [no] }];
    for (const body of bodies) {
      const server = mockServer(() => Response.json(body));
      const send = await start(clientOf({ ...server, org: "acme" }));
      expect((await send("/orgs/acme/orders", { headers: { user: "user_1" } })).status).toBe(503);
    }
  });

  eachEngine(`requirePermission of ${framework} over HTTP`, (open) => {
    test("answers as in process, and lets nobody through once what is known is too old", async () => {
      const served = await listeningServer(await open(), shopFiles);
      const line = await lineTo(served.url);
      const send = await start(clientOf({ url: line.url, cacheFor: 0, staleFor: 0, timeout: 500 }));
      const ask = async (path: string, user: string) => {
        const response = await send(path, { headers: { user } });
        return { status: response.status, text: await response.text() };
      };
      const { status, text } = await ask("/orgs/acme/orders", "user_1");
      expect([status, JSON.parse(text)]).toEqual([200, { member: "user_1", reads: true }]);
      const refused = await ask("/orgs/acme/orders", "bo@acme.example");
      expect([refused.status, JSON.parse(refused.text).reason]).toEqual([403, "not-granted"]);
      const unknown = await ask("/orgs/initech/orders", "user_1");
      expect(unknown.status).toBe(404);
      for (const org of ["globex", "hooli", "%00", "..%2Facme"])
        expect(await ask(`/orgs/${org}/orders`, "user_1")).toEqual(unknown);
      await line.close();
      expect((await ask("/orgs/acme/orders", "user_1")).status).toBe(503);
      const client = clientOf({ url: served.url });
      const ended = await start(client);
      const headers = { user: "user_1" };
      expect((await ended("/orgs/acme/orders", { headers })).status).toBe(200);
      await client.close();
      expect((await ended("/orgs/acme/orders", { headers })).status).toBe(503);
    });
  });
}

test("a permission that the catalog does not declare does not compile", () => {
  interface Catalog {
    readonly permissions: "orders:read" | "orders:write";
    readonly flags: { readonly beta: boolean };
    readonly features: { readonly sso: boolean };
  }
  const client = clientOf({ url: "http://127.0.0.1:1" }) as unknown as Client<Catalog>;
  const find = { member: () => "ana", org: () => "acme" };
  requireInExpress(client, "orders:write", find);
  requireInFastify(client, "orders:write", find);
  requireInHono(client, "orders:write", find);
  // @ts-expect-error: misspelt
  requireInExpress(client, "orders:wirte", find);
  // @ts-expect-error: misspelt
  requireInFastify(client, "orders:wirte", find);
  // @ts-expect-error: misspelt
  requireInHono(client, "orders:wirte", find);
  expect(new TenantryProvider(client).metadata.name).toBe("tenantry");
});
