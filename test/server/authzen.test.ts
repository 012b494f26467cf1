import { expect, test } from "vitest";
import { eachEngine } from "../engines.ts";
import { acme, askAuthzen, evaluation, inherited, policy } from "./authzen/ask-authzen.ts";
import { serveEstate } from "./serve-estate.ts";

const whole = evaluation("ana@acme.example", "org:read", acme);
const url = "/v1/orgs/acme/access/v1/evaluation";
const json = { "content-type": "application/json" };
const endpoints = ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"];
const wellKnown = "/.well-known/authzen-configuration";

eachEngine("AuthZEN", (open) => {
  test("refuses required fields that are missing or of a wrong type with 400", async () => {
    const { app } = await serveEstate(await open());
    const wrong: object[] = [];
    for (const value of [undefined, null, 5, "text", true, []])
      wrong.push({ subject: value }, { action: value }, { resource: value });
    for (const value of [undefined, null, 5, true, {}, ["x"]])
      wrong.push(
        { subject: { type: value, id: "x" } },
        { subject: { type: "user", id: value } },
        { action: { name: value } },
        { resource: { type: value, id: "x" } },
        { resource: { type: "document", id: value } },
      );
    for (const value of [null, 5, "text", true, ["x"]])
      wrong.push(
        { context: value },
        { subject: { ...whole.subject, properties: value } },
        { action: { name: "read", properties: value } },
        { resource: { ...policy, properties: value } },
      );
    for (const changed of wrong) {
      const response = await askAuthzen(app, "evaluation", { ...whole, ...changed });
      expect(response.statusCode, JSON.stringify(changed)).toBe(400);
      expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
      expect(response.json()).toMatchObject({ type: "urn:tenantry:problem:bad-request", status: 400 });
    }
    for (const endpoint of endpoints.slice(2)) {
      for (const changed of [{ subject: {} }, { subject: undefined }, { resource: {} }, { resource: 1 }])
        expect((await askAuthzen(app, endpoint, { ...whole, ...changed })).statusCode).toBe(400);
    }
    for (const endpoint of ["search/subject", "search/resource"])
      expect((await askAuthzen(app, endpoint, { ...whole, action: undefined })).statusCode).toBe(400);
  });

  test("refuses bodies that are no JSON object, empty, or not said to be JSON with 400", async () => {
    const { app } = await serveEstate(await open());
    const text = JSON.stringify(whole);
    const bad: [string | undefined, Record<string, string>][] = [
      ["{", json],
      ["", json],
      [undefined, json],
      [undefined, {}],
      ["null", json],
      ["[]", json],
      ["5", json],
      ['"x"', json],
      [`${text}}`, json],
      [text.replace('"ana', "'ana"), json],
      [text, {}],
      [text, { "content-type": "text/plain" }],
      [text, { "content-type": "application/x-www-form-urlencoded" }],
      [text, { "content-type": "application/xml" }],
      [text, { "content-type": "nonsense" }],
    ];
    for (const endpoint of endpoints) {
      for (const [payload, headers] of bad) {
        const response = await app.inject({
          method: "POST",
          url: `/v1/orgs/acme/access/v1/${endpoint}`,
          headers,
          ...(payload !== undefined && { payload }),
        });
        expect(response.statusCode, `${endpoint} ${payload} ${JSON.stringify(headers)}`).toBe(400);
        expect(response.json()).toMatchObject({ type: "urn:tenantry:problem:bad-request" });
        expect(response.body).not.toMatch(/node_modules|\bat .*:\d+/);
      }
    }
    const charset = { "content-type": "application/json; charset=utf-8" };
    expect((await app.inject({ method: "POST", url, headers: charset, payload: text })).statusCode).toBe(200);
  });

  test("ignores fields that it does not know, everywhere", async () => {
    const { app } = await serveEstate(await open());
    const payload = {
      subject: { ...whole.subject, extra: 1 },
      action: { ...whole.action, extra: [] },
      resource: { ...whole.resource, extra: {} },
      context: { mfa: true, extra: { deep: [null] } },
      page: "none",
      extra: "text",
    };
    const response = await askAuthzen(app, "evaluation", payload);
    expect(response.json()).toMatchObject({ decision: true });
    for (const name of inherited) {
      const hostile = JSON.stringify({
        x: { mfa: true },
        ...whole,
        resource: { ...acme, properties: { x: 1 } },
      });
      const named = hostile.replaceAll('"x"', JSON.stringify(name));
      const answered = await app.inject({ method: "POST", url, headers: json, payload: named });
      expect(answered.json()).toMatchObject({ decision: true });
    }
  });

  test("echoes X-Request-ID, with faults too, and nothing else for it", async () => {
    const { app } = await serveEstate(await open());
    const send = async (id: string | undefined, payload: object = whole) => {
      const headers = id === undefined ? {} : { "x-request-id": id };
      return (await app.inject({ method: "POST", url, headers, payload })).headers["x-request-id"];
    };
    expect(await send("bfe9eb29-ab87-4ca3-be83-a1d5d8305716")).toBe("bfe9eb29-ab87-4ca3-be83-a1d5d8305716");
    expect(await send("asked-42", {})).toBe("asked-42");
    expect(await send(undefined)).toBeUndefined();
    for (const id of ["x".repeat(2_000), "a b", "<script>", "ä"]) expect(await send(id)).not.toBe(id);
  });

  test("answers about an org that is not there as everywhere", async () => {
    const { app } = await serveEstate(await open());
    const elsewhere = await app.inject({
      method: "POST",
      url: "/v1/orgs/nobody/check",
      payload: { questions: [{}] },
    });
    for (const name of ["nobody", ...inherited]) {
      for (const endpoint of endpoints) {
        const response = await askAuthzen(app, endpoint, { ...whole, page: {} }, `/v1/orgs/${name}`);
        expect(response.statusCode).toBe(404);
        expect(response.json()).toMatchObject({ type: "urn:tenantry:problem:unknown-org" });
      }
      for (const path of [`${wellKnown}/v1/orgs/${name}`, `/v1/orgs/${name}${wellKnown}`]) {
        const response = await app.inject(path);
        expect(response.statusCode).toBe(404);
        expect(response.json()).toMatchObject({ type: "urn:tenantry:problem:unknown-org" });
        if (elsewhere.statusCode === 404) expect(response.body).toBe(elsewhere.body);
      }
    }
  });

  test("says where it answers by how it is set up, not by the Host that is asked", async () => {
    const { app } = await serveEstate(await open());
    const base = "http://localhost:4600/v1/orgs/acme";
    const configuration = (point: string) => ({
      policy_decision_point: point,
      access_evaluation_endpoint: `${point}/access/v1/evaluation`,
      access_evaluations_endpoint: `${point}/access/v1/evaluations`,
      search_subject_endpoint: `${point}/access/v1/search/subject`,
      search_resource_endpoint: `${point}/access/v1/search/resource`,
      search_action_endpoint: `${point}/access/v1/search/action`,
    });
    const headers = { host: "127.0.0.1:9", "x-forwarded-host": "evil.example" };
    for (const path of [`${wellKnown}/v1/orgs/acme`, `/v1/orgs/acme${wellKnown}`]) {
      const response = await app.inject({ url: path, headers });
      expect(response.headers["content-type"]).toMatch(/^application\/json\b/);
      expect(response.json()).toEqual(configuration(base));
    }
    const live = "/v1/orgs/acme/environments/web/live";
    for (const path of [`${wellKnown}${live}`, `${live}${wellKnown}`]) {
      const response = await app.inject({ url: path, headers });
      expect(response.json()).toEqual(configuration(`${base}/environments/web/live`));
    }
    const odd = await app.inject(`${wellKnown}/v1/orgs/acme/environments/a%2Fb/%22%3F`);
    expect(odd.json().policy_decision_point).toBe(`${base}/environments/a%2Fb/%22%3F`);
    for (const [name, endpoint] of Object.entries(configuration("/v1/orgs/acme")).slice(1))
      expect((await app.inject({ method: "POST", url: endpoint, payload: whole })).statusCode, name).toBe(
        200,
      );
  });

  test("survives hostile bodies", async () => {
    const { app } = await serveEstate(await open());
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`p${at}`, at]));
    const properties = await askAuthzen(app, "search/subject", {
      ...whole,
      subject: { type: "user", properties: wide },
    });
    expect(properties.json().results).toHaveLength(2);
    const long = "x".repeat(900_000);
    for (const changed of [
      { subject: { type: "user", id: long } },
      { action: { name: long } },
      { action: { name: "read" }, resource: { type: long, id: "x" } },
      { subject: { type: "user", id: "\u0000\ud800" } },
    ])
      expect((await askAuthzen(app, "evaluation", { ...whole, ...changed })).json()).toMatchObject({
        decision: false,
      });
    const deep = `{"subject":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const response = await app.inject({ method: "POST", url, headers: json, payload: deep });
    expect(response.statusCode).toBe(400);
    expect((await askAuthzen(app, "evaluation", whole)).json()).toMatchObject({ decision: true });
  });
});
