import { expect, test } from "vitest";
import { eachEngine } from "../engines.ts";
import { type Send, shopApps } from "./shop-apps.ts";
import { shopClient } from "./shop-estate.ts";

async function answered(send: Send, path: string, user?: string, more: Record<string, string> = {}) {
  const response = await send(path, { headers: { ...(user === undefined ? {} : { user }), ...more } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const problem = async (...asked: Parameters<typeof answered>) => {
  const { status, headers, text } = await answered(...asked);
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json\b/);
  expect(headers.get("cache-control")).toBe("no-store");
  const body = JSON.parse(text);
  expect(body.status).toBe(status);
  return body;
};

for (const [framework, start] of Object.entries(shopApps)) {
  eachEngine(`requirePermission of ${framework}`, (open) => {
    test("lets through who may, and says why who may not", async () => {
      const { client } = await shopClient(await open());
      const send = await start(client);
      for (const user of ["ana@acme.example", "ANA@acme.example", "user_1"]) {
        const { status, text } = await answered(send, "/orgs/acme/orders", user);
        expect(status).toBe(200);
        expect(JSON.parse(text)).toEqual({ member: user, reads: true });
      }
      expect((await answered(send, "/orders?org=acme", "user_1")).status).toBe(200);
      expect(await problem(send, "/orgs/acme/orders", "bo@acme.example")).toEqual({
        type: "urn:tenantry:problem:forbidden",
        title: "The member may not do this",
        status: 403,
        permission: "orders:write",
        reason: "not-granted",
      });
      expect(await problem(send, "/orgs/acme/orders", "di@acme.example")).toMatchObject({
        status: 403,
        reason: "member-suspended",
      });
    });

    test("asks with the place, the resource and the context that the request says", async () => {
      const { client } = await shopClient(await open());
      const send = await start(client);
      const cy = "cy@acme.example";
      const document = "/orgs/acme/documents/7";
      expect((await answered(send, `${document}?workspace=web&status=draft`, cy)).status).toBe(200);
      const reasonOf = async (query: string) =>
        (await problem(send, `${document}?status=draft${query}`, cy)).reason;
      expect((await problem(send, `${document}?workspace=web&status=live`, cy)).reason).toBe("not-granted");
      expect(await reasonOf("&workspace=blog")).toBe("not-granted");
      expect(await reasonOf("")).toBe("place-needed");
      expect(await reasonOf("&workspace=web&environment=web/live")).toBe("unknown-environment");
      const gus = "gus@globex.example";
      expect((await problem(send, "/orgs/globex/orders", gus)).reason).toBe("mfa-required");
      expect((await answered(send, "/orgs/globex/orders", gus, { mfa: "yes" })).status).toBe(200);
    });

    test("tells nobody whether an org is there but its members", async () => {
      const { client } = await shopClient(await open());
      const send = await start(client);
      const unknown = await answered(send, "/orgs/initech/orders", "ana@acme.example");
      expect(unknown.status).toBe(404);
      expect(JSON.parse(unknown.text)).toEqual({
        type: "urn:tenantry:problem:unknown-org",
        title: "There is no such org, or it is not yours to ask about",
        status: 404,
      });
      const headersOf = ({ headers }: typeof unknown) =>
        [...headers].filter(([name]) => !["date", "keep-alive"].includes(name));
      for (const org of ["globex", "hooli", "constructor", "__proto__", "a%2Fb"]) {
        const other = await answered(send, `/orgs/${org}/orders`, "ana@acme.example");
        expect([org, other.status, other.text]).toEqual([org, unknown.status, unknown.text]);
        expect(headersOf(other)).toEqual(headersOf(unknown));
      }
      expect((await problem(send, "/orgs/hooli/orders", "hal@hooli.example")).status).toBe(404);
    });

    test("says what a request lacks", async () => {
      const { client } = await shopClient(await open());
      const send = await start(client);
      const nobody = await answered(send, "/orgs/acme/orders");
      expect(nobody.headers.get("www-authenticate")).toBe("Bearer");
      expect(await problem(send, "/orgs/acme/orders")).toMatchObject({
        type: "urn:tenantry:problem:unauthorized",
        status: 401,
      });
      expect((await problem(send, "/orgs/acme/orders", "")).status).toBe(401);
      const user = "ana@acme.example";
      for (const path of ["/orders", "/orders?org=", "/orders?org=acme&org=globex"]) {
        expect(await problem(send, path, user)).toEqual({
          type: "urn:tenantry:problem:bad-request",
          title: "The request cannot be read",
          status: 400,
          detail: "The request names no org, or several.",
        });
      }
      const twice = "/orgs/acme/documents/7?workspace=web&workspace=blog";
      expect(await problem(send, twice, user)).toMatchObject({
        status: 400,
        detail: "The request names no one workspace.",
      });
    });

    test("lets nobody through while nobody knows, and leaves what a finder throws to the app", async () => {
      const { client, trouble } = await shopClient(await open());
      const send = await start(client);
      trouble.isTooOld = true;
      expect(await problem(send, "/orgs/acme/orders", "ana@acme.example")).toEqual({
        type: "urn:tenantry:problem:unavailable",
        title: "Nobody that knows can be reached",
        status: 503,
      });
      expect(await answered(send, "/broken", "ana@acme.example")).toMatchObject({
        status: 500,
        text: "no session store",
      });
    });
  });
}
