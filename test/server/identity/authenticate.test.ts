import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { makeKeyText } from "../../../src/identity/key-text.ts";
import { eachEngine } from "../../engines.ts";
import { get, post } from "../answers.ts";
import { serveEstate } from "../serve-estate.ts";
import { bearer, keyedEstate } from "./keyed-estate.ts";

const check = { questions: [{ permission: "org:read", member: "gus@hooli.example" }] };

eachEngine("who asks", (open) => {
  test("has to say so on every route but those that say that they are open", async () => {
    const { app, routes, keys } = await keyedEstate(await open());
    await app.ready();
    const unlocked = new Set<string>();
    const kept: string[] = [];
    for (const { method, url, config } of routes.flatMap((route) =>
      [route.method].flat().map((method) => ({ ...route, method })),
    )) {
      const path = url.replace(/:\w+|\*/g, "hooli");
      const ask = (headers = {}) =>
        app.inject({
          method: method as "GET",
          url: path,
          headers,
          ...(method === "POST" ? { payload: {} } : {}),
        });
      if (url === "/v1/token" || (config as { isOpen?: boolean } | undefined)?.isOpen) {
        unlocked.add(url);
        continue;
      }
      const without = await ask();
      expect({ url, status: without.statusCode, says: without.headers["www-authenticate"] }).toEqual({
        url,
        status: 401,
        says: "Bearer",
      });
      if (!url.endsWith("/events")) expect((await ask(bearer(keys.hooli))).statusCode, url).not.toBe(401);
      kept.push(url);
    }
    expect([...unlocked].sort()).toEqual([
      "/.well-known/jwks.json",
      "/livez",
      "/metrics",
      "/openapi.json",
      "/readyz",
      "/v1/token",
    ]);
    expect(kept.length).toBeGreaterThan(40);
    for (const path of ["/livez", "/readyz", "/metrics", "/openapi.json", "/.well-known/jwks.json"])
      expect((await app.inject(path)).statusCode).toBe(200);
  });

  test("says it by Authorization or X-API-Key, in any case of the scheme, and nowhere else", async () => {
    const served = await keyedEstate(await open());
    const { text } = served.keys.hooli;
    const statusOf = async (headers: Record<string, string>, query = "") =>
      (await get(served, `/v1/key${query}`, headers)).status;
    for (const scheme of ["Bearer", "bearer", "BEARER"])
      expect(await statusOf({ authorization: `${scheme} ${text}` })).toBe(200);
    expect(await statusOf({ "x-api-key": text })).toBe(200);
    expect(await statusOf({ "x-api-key": text, authorization: `Bearer ${text}` })).toBe(200);
    expect(await statusOf({ "x-api-key": text, authorization: `Bearer ${served.keys.umbra.text}` })).toBe(
      400,
    );
    for (const query of ["key", "api_key", "access_token", "x-api-key"])
      expect(await statusOf({}, `?${query}=${text}`)).toBe(401);
    for (const authorization of [
      text,
      `Basic ${Buffer.from(`${text}:`).toString("base64")}`,
      `Bearer${text}`,
      `Bearer ${text}, Bearer ${text}`,
      `Bearer ${text}x`,
      `Bearer ${text.toUpperCase()}`,
      "Bearer",
      "Bearer ",
      "",
    ])
      expect(await statusOf({ authorization }), authorization).toBe(401);
    expect(await statusOf({ cookie: `key=${text}` })).toBe(401);
  });

  test("is refused in the same words, whatever was wrong", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const { text } = served.keys.hooli;
    const revoked = served.keys.umbra;
    await database.pool.query("update tenantry.org_key set revoked_at = now() where id = $1", [revoked.id]);
    const answers = new Set<string>();
    for (const wrong of [makeKeyText().text, `${text.slice(0, -1)}_`, "x", revoked.text, "eyJ.eyJ.x"]) {
      const { status, headers, text } = await get(served, "/v1/orgs/hooli/config", bearer({ text: wrong }));
      const { date: _, ...others } = headers;
      answers.add(`${status} ${JSON.stringify(others)} ${text}`);
    }
    expect([...answers]).toEqual([
      expect.stringMatching(/^401 .*"www-authenticate":"Bearer error=\\"invalid_token\\"".*unauthorized/),
    ]);
  });

  test("is told whose key it is", async () => {
    const served = await keyedEstate(await open());
    const { hooli, edge } = served.keys;
    expect((await get(served, "/v1/key", bearer(hooli))).body).toEqual({
      id: hooli.id,
      name: "app",
      org: "hooli",
      scopes: ["org:read", "members:*"],
      expires: null,
    });
    expect((await get(served, "/v1/key", bearer(edge))).body).toEqual({
      id: edge.id,
      name: "edge",
      org: null,
      scopes: ["*:*"],
      expires: null,
    });
  });

  test("of one org reads no other: the answer is that of an org that is not there, byte for byte", async () => {
    for (const maxOrgs of [undefined, 1]) {
      const served = await keyedEstate(await open(), { maxOrgs });
      const answers = new Set<string>();
      const looked: string[] = [];
      const org = served.estate.org;
      (served.estate as { org: typeof org }).org = (slug) => {
        looked.push(slug);
        return org(slug);
      };
      for (const slug of ["umbra", "acme", "nothing", "HOOLI", "hooli%00", "constructor"]) {
        for (const base of [`/v1/orgs/${slug}`, `/v1/orgs/${slug}/environments/web/live`]) {
          const headers = { ...bearer(served.keys.hooli), "if-none-match": "*" };
          const asked = [
            post(served, `${base}/check`, check, headers),
            post(served, `${base}/explain`, { flag: "checkout" }, headers),
            post(served, `${base}/ofrep/v1/evaluate/flags`, { context: {} }, headers),
            ...["config", "flags", "ofrep/v1/events", ".well-known/authzen-configuration"].map((path) =>
              get(served, `${base}/${path}`, headers),
            ),
            get(served, `/.well-known/authzen-configuration${base}`, headers),
          ];
          for (const { status, headers, text } of await Promise.all(asked)) {
            const { date: _, ...others } = headers;
            answers.add(`${status} ${JSON.stringify(others)} ${text}`);
          }
        }
      }
      expect([...answers]).toEqual([expect.stringMatching(/^404 .*urn:tenantry:problem:unknown-org/)]);
      expect(looked).toEqual([]);
      expect((await post(served, "/v1/orgs/hooli/check", check, bearer(served.keys.hooli))).status).toBe(200);
      expect((await post(served, "/v1/orgs/umbra/check", check, bearer(served.keys.edge))).status).toBe(200);
    }
  });

  test("of one org is told of a user's membership in that one alone", async () => {
    const served = await keyedEstate(await open());
    const orgsOf = async (user: string, key: { readonly text: string }) =>
      (await get(served, `/v1/users/${user}/orgs`, bearer(key))).body.orgs.map(
        ({ org }: { org: string }) => org,
      );
    expect(await orgsOf("cy@contractor.example", served.keys.edge)).toEqual(["acme", "hooli", "umbra"]);
    expect(await orgsOf("cy@contractor.example", served.keys.hooli)).toEqual(["hooli"]);
    expect(await orgsOf("gus@umbra.example", served.keys.hooli)).toEqual([]);
  });

  test("of one org is not let into another that has its slug by now", async () => {
    const database = await open();
    const served = await keyedEstate(database, { maxOrgs: 1 });
    const { hooli, edge } = served.keys;
    // Until it has seen that keys were minted, it looks at each anew.
    await setTimeout(1_000);
    const user = "/v1/users/gus@umbra.example/orgs";
    const swap = async () => {
      for (const [from, to] of [
        ["hooli", "between"],
        ["umbra", "hooli"],
        ["between", "umbra"],
      ])
        await database.pool.query("update tenantry.org set slug = $2 where slug = $1", [from, to]);
    };
    for (const path of ["/v1/config", "/v1/orgs/hooli/config", user]) {
      expect((await get(served, "/v1/orgs/hooli/config", bearer(hooli))).body.name).toBe(null);
      // The one org that is held: the next is read, and is another one by then.
      await get(served, "/v1/orgs/acme/config", bearer(edge));
      await swap();
      const { status, body } = await get(served, path, bearer(hooli));
      if (path === user) expect(body.orgs).toEqual([]);
      else expect({ path, status }).toEqual({ path, status: 404 });
      await swap();
      await served.estate.refresh();
    }
  });

  test("asks bare of its own org, and as a service has to name one", async () => {
    const served = await keyedEstate(await open());
    const { hooli, edge } = served.keys;
    const same = async (path: string, base: string, payload: object | null) => {
      const ask = (url: string, key: { readonly text: string }) =>
        payload ? post(served, url, payload, bearer(key)) : get(served, url, bearer(key));
      const [bare, named, service] = [
        await ask(`${base}${path}`, hooli),
        await ask(`/v1/orgs/hooli${path}`, hooli),
        await ask(`${base}${path}`, edge),
      ];
      expect({ path, status: bare.status }).toEqual({ path, status: 200 });
      expect(service).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining("/v1/orgs/{org}") },
      });
      return [bare.body, named.body];
    };
    const evaluation = {
      subject: { type: "user", id: "gus@hooli.example" },
      action: { name: "read" },
      resource: { type: "org", id: "hooli" },
    };
    for (const [path, base, payload] of [
      ["/check", "/v1", check],
      ["/explain", "/v1", { flag: "checkout" }],
      ["/config", "/v1", null],
      ["/flags", "/v1", null],
      ["/members/gus@hooli.example/permissions", "/v1", null],
      ["/ofrep/v1/evaluate/flags/checkout", "", { context: {} }],
      ["/access/v1/evaluation", "", evaluation],
      ["/access/v1/search/action", "", { subject: evaluation.subject, resource: evaluation.resource }],
    ] as const) {
      const [bare, named] = await same(path, base, payload);
      expect(bare).toEqual(named);
    }
    const [flags] = await same("/ofrep/v1/evaluate/flags", "", { context: {} });
    expect(flags.eventStreams[0].endpoint.requestUri).toMatch(/^\/ofrep\/v1\/events\?since=/);
    const [metadata] = await same("/.well-known/authzen-configuration", "", null);
    expect(metadata).toMatchObject({
      policy_decision_point: "http://localhost:4600",
      access_evaluation_endpoint: "http://localhost:4600/access/v1/evaluation",
    });
  });
});

eachEngine("without authentication", (open) => {
  test("there are neither bare paths nor keys, and a foreign host is refused", async () => {
    const served = await serveEstate(await open());
    for (const path of [
      "/v1/check",
      "/v1/explain",
      "/v1/token",
      "/ofrep/v1/evaluate/flags",
      "/access/v1/evaluation",
    ])
      expect((await post(served, path, {})).status, path).toBe(404);
    for (const path of ["/v1/key", "/.well-known/jwks.json", "/.well-known/authzen-configuration"])
      expect((await get(served, path)).status, path).toBe(404);
    expect((await get(served, "/livez", { host: "evil.example" })).status).toBe(421);
  });

  test("where keys are needed any host will do, as a page of another site has none", async () => {
    const served = await keyedEstate(await open());
    const headers = { host: "flags.internal", ...bearer(served.keys.hooli) };
    expect((await get(served, "/v1/key", headers)).status).toBe(200);
  });
});
