import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { DatabaseUnreachable } from "../../src/database/database-error.ts";
import { logging, logNews } from "../../src/server/log.ts";
import { eachEngine } from "../engines.ts";
import { serveEstate } from "./serve-estate.ts";

const secret = "hunter2";
const member = "ana@acme.example";

eachEngine("the log", (open) => {
  test("says what failed, and nothing of what was sent or kept", async () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const { app } = await serveEstate(await open(), logging({ level: "debug", write }));
    const refused = Object.assign(new Error(`duplicate key (${secret})`), {
      code: "23505",
      detail: `Key (email)=(${member}) already exists`,
      cause: new Error(`postgres://postgres:${secret}@db.example/app`),
    });
    app.get("/v1/throws/:who", () => Promise.reject(refused));
    app.get("/v1/logs/:who", (request, reply) => {
      request.log.error(refused);
      request.log.error({ req: request.raw, headers: request.headers, err: refused, password: secret });
      reply.send();
    });
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `session=${secret}`,
      "x-request-id": "order-17",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };
    const context = { email: member, password: secret };
    const payload = { questions: [{ permission: "members:invite", member, context }] };
    await app.inject({ method: "POST", url: `/v1/orgs/acme/check?token=${secret}`, headers, payload });
    await app.inject({ method: "POST", url: `/v1/orgs/${member}/check`, headers, payload });
    await app.inject({ method: "POST", url: "/v1/orgs/acme/check", headers, payload: `{"${secret}` });
    await app.inject({ url: `/v1/${secret}/%ff?token=${secret}`, headers });
    await app.inject({ url: `/v1/logs/${member}?token=${secret}`, headers });
    const failed = await app.inject({ url: `/v1/throws/${member}?token=${secret}`, headers });
    expect(failed.statusCode).toBe(500);
    expect(failed.headers["x-request-id"]).toBe("order-17");
    expect(failed.body).not.toMatch(/hunter2|ana@|23505|duplicate|node_modules/);

    const said = lines.join("");
    expect(said).not.toMatch(
      /hunter2|ana@|token|duplicate|password|Bearer|cookie|already exists|db\.example/,
    );
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries.find(({ status }) => status === 200)).toMatchObject({
      level: "debug",
      request_id: "order-17",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      org: "acme",
      method: "POST",
      route: "/v1/orgs/:org/check",
      ms: expect.any(Number),
    });
    // An org that is not there is whatever somebody typed.
    expect(entries.find(({ status }) => status === 404)).not.toHaveProperty("org");
    expect(entries.find(({ msg }) => msg === "a request could not be answered")).toMatchObject({
      level: "error",
      request_id: "order-17",
      route: "/v1/throws/:who",
      err: { type: "Error", code: "23505", stack: expect.arrayContaining([expect.stringMatching(/^at /)]) },
    });
  });

  test("says of what the database is in trouble in words that were written for it", async () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const { app } = await serveEstate(await open(), logging({ level: "warn", write }));
    const cause = new Error(secret);
    const error = new DatabaseUnreachable("No database answers at postgres://db/app", { cause });
    logNews(app.log, { kind: "trouble", error });
    logNews(app.log, { kind: "polling", error: Object.assign(new Error(secret), { code: "25006" }) });
    logNews(app.log, { kind: "recovered" });
    await app.inject("/livez");
    const entries = lines.map((line) => JSON.parse(line));
    expect(lines.join("")).not.toContain(secret);
    expect(entries).toHaveLength(3);
    expect(entries[0].err).toEqual({
      type: "DatabaseUnreachable",
      code: "database-unreachable",
      message: "No database answers at postgres://db/app",
    });
    expect(entries[1].err).toMatchObject({ type: "Error", code: "25006" });
    expect(entries[2]).toMatchObject({ level: "warn", msg: "the database can be looked at again" });
  });

  test("is not told of a wait that was asked for as of something slow", async () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const { app, estate } = await serveEstate(await open(), logging({ level: "warn", write }));
    app.get("/v1/slow", () => setTimeout(1_000, {}));
    const waited = await app.inject({
      url: "/v1/orgs/acme/config",
      headers: { "tenantry-min-revision": "99" },
    });
    expect(waited.statusCode).toBe(412);
    const { epoch } = estate.state();
    const refetched = await app.inject({
      method: "POST",
      url: `/v1/orgs/acme/ofrep/v1/evaluate/flags?flagConfigEtag=${epoch}.99`,
      payload: { context: {} },
    });
    expect(refetched.statusCode).toBe(200);
    expect(lines).toEqual([]);
    await app.inject("/v1/slow");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ msg: "a request was slow", route: "/v1/slow" }),
    ]);
  });
});
