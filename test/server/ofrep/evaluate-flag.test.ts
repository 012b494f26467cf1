import { expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { askAll, askOne } from "./ask.ts";
import { serveFlags } from "./flag-estate.ts";

eachEngine("one flag by OFREP", (open) => {
  test("values of every type, with variant, reason and what decided", async () => {
    const { app } = await serveFlags(await open());
    const answer = async (key: string) => (await askOne(app, key)).json();
    expect(await answer("checkout")).toMatchObject({ value: "v1", variant: "old" });
    expect(await answer("page_size")).toEqual({
      key: "page_size",
      value: 50,
      reason: "STATIC",
      metadata: { reason: "default", decided_by: "catalog/flag/page_size", revision: 1 },
    });
    expect(await answer("ratio")).toMatchObject({ value: 0.25 });
    expect(await answer("theme")).toMatchObject({ value: { color: "blue", round: true } });
    expect(await answer("regions")).toMatchObject({ value: ["eu", "us"] });
  });

  test("the targeting key names a member, the rest of the context is the request's", async () => {
    const { app } = await serveFlags(await open());
    const dashboard = async (context: object) =>
      (await askOne(app, "new_dashboard", { payload: { context } })).json();
    expect(await dashboard({ targetingKey: "cy@acme.example" })).toMatchObject({
      value: true,
      reason: "TARGETING_MATCH",
      metadata: { reason: "rule", decided_by: "catalog/flag/new_dashboard#rules/1" },
    });
    expect(await dashboard({ targetingKey: "user_7" })).toMatchObject({ value: true });
    expect(await dashboard({ targetingKey: "ana@acme.example" })).toMatchObject({ value: false });
    expect(await dashboard({ targetingKey: "nobody", ip_country: "DE" })).toMatchObject({ value: true });
    expect(await dashboard({ ip_country: "FR" })).toMatchObject({ value: false });
  });

  test("without a targeting key a share of members is not known, which is said", async () => {
    const { app } = await serveFlags(await open());
    const known = await askOne(app, "beta", { payload: { context: { targetingKey: "ana@acme.example" } } });
    expect(known.json().reason).not.toBe("UNKNOWN");
    for (const context of [{}, { targetingKey: "" }, { targetingKey: "nobody" }]) {
      expect((await askOne(app, "beta", { payload: { context } })).json()).toMatchObject({
        value: false,
        reason: "UNKNOWN",
        metadata: { reason: "undetermined", lacks: "bucket", undetermined: "catalog/flag/beta#rules/0" },
      });
    }
  });

  test("an environment is a base of its own; one that is not there has the default", async () => {
    const { app } = await serveFlags(await open());
    const at = async (environment: string) =>
      (await askOne(app, "checkout", { base: `/v1/orgs/acme/environments/${environment}` })).json();
    expect(await at("web/dev")).toMatchObject({ value: "v2", reason: "TARGETING_MATCH" });
    expect(await at("web/live")).toMatchObject({ value: "v1", reason: "STATIC" });
    expect(await at("web/none")).toMatchObject({
      value: "v1",
      reason: "UNKNOWN",
      metadata: { reason: "unknown-environment" },
    });
  });

  test("unknown keys are not found, whatever they look like", async () => {
    const { app } = await serveFlags(await open());
    const keys = [
      "none",
      "constructor",
      "__proto__",
      "a/b",
      "a%2Fb",
      "//",
      "",
      " ",
      "%F0%9F%8E%89",
      "x".repeat(2_000),
    ];
    for (const key of keys) {
      const response = await askOne(app, key.replace(" ", "%20"));
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ key: decodeURIComponent(key), errorCode: "FLAG_NOT_FOUND" });
    }
  });

  test("what is no context is refused in the protocol's words", async () => {
    const { app } = await serveFlags(await open());
    const refusal = async (payload: unknown) => {
      const [one, all] = [await askOne(app, "a/b", { payload }), await askAll(app, { payload })];
      expect([one.statusCode, all.statusCode]).toEqual([400, 400]);
      expect(one.json()).toEqual({ key: "a/b", ...all.json() });
      return one.json().errorCode;
    };
    for (const payload of ["{", "", "[]", "null", '"text"', "[".repeat(500)]) {
      expect(await refusal(payload)).toBe("PARSE_ERROR");
    }
    for (const payload of [{}, { context: null }, { context: [] }, { context: { targetingKey: 7 } }]) {
      expect(await refusal(payload)).toBe("INVALID_CONTEXT");
    }
  });

  test("a flag that serves nothing fails by itself alone", async () => {
    const database = await open();
    const { app, estate } = await serveFlags(database);
    await database.pool.query(`update tenantry.flag set "default" = '"gone"' where name = 'checkout'`);
    await estate.refresh("everything");
    const response = await askOne(app, "checkout");
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ key: "checkout", errorCode: "GENERAL" });
    const { flags } = (await askAll(app)).json();
    expect(flags.filter(({ errorCode }: { errorCode?: string }) => errorCode)).toEqual([response.json()]);
  });

  test("an org that is not there is no base", async () => {
    const { app } = await serveFlags(await open());
    const response = await app.inject({
      method: "POST",
      url: "/v1/orgs/none/ofrep/v1/evaluate/flags/checkout",
      payload: { context: {} },
    });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ type: "urn:tenantry:problem:unknown-org" });
  });
});
