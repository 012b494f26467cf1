import { expect, test } from "vitest";
import { makeStanding } from "../../src/server/standing.ts";
import { parseTraceparent } from "../../src/server/trace-context.ts";
import { eachEngine } from "../engines.ts";
import { serveEstate } from "./serve-estate.ts";

const trace = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${trace}-b7ad6b7169203331-01`;

eachEngine("operations", (open) => {
  test("the process lives, and is ready while what it knows is fresh", async () => {
    const { app, clock } = await serveEstate(await open());
    expect((await app.inject("/livez")).json()).toEqual({ live: true });
    const ready = await app.inject("/readyz");
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({
      ready: true,
      reason: null,
      revision: 1,
      orgs: 3,
      age: 0,
      max_stale: 60,
      error: null,
    });
    clock.now += 60_000;
    expect((await app.inject("/readyz")).statusCode).toBe(200);
    clock.now += 1;
    const stale = await app.inject("/readyz");
    expect(stale.statusCode).toBe(503);
    expect(stale.json()).toMatchObject({ ready: false, reason: "stale", age: 60.001, revision: 1 });
    // It lives, and answers, all the same.
    expect((await app.inject("/livez")).statusCode).toBe(200);
  });

  test("a process that is about to end is not ready, and says so on every answer", async () => {
    const standing = makeStanding();
    const { app } = await serveEstate(await open(), { standing });
    expect((await app.inject("/livez")).headers.connection).not.toBe("close");
    standing.isDraining = true;
    const draining = await app.inject("/readyz");
    expect(draining.statusCode).toBe(503);
    expect(draining.json()).toMatchObject({ ready: false, reason: "draining" });
    for (const url of ["/livez", "/v1/orgs/acme/flags", "/nothing/here"]) {
      expect((await app.inject(url)).headers.connection).toBe("close");
    }
  });

  test("readiness names the code of what the database failed with, and no message", async () => {
    const standing = makeStanding();
    const trouble = { code: "database-unreachable", message: "postgres://secret@db", since: 0 };
    standing.freshness = () => ({ mode: "polling", trouble, looks: 3, failures: 2, reconnects: 0 });
    const { app } = await serveEstate(await open(), { standing });
    const { body } = await app.inject("/readyz");
    expect(JSON.parse(body)).toMatchObject({ ready: true, error: "database-unreachable" });
    expect(body).not.toContain("secret");
  });

  test("an answer names the asker's trace with a span of its own, and keeps its state", async () => {
    const { app } = await serveEstate(await open());
    const headers = { traceparent, tracestate: "vendor=1,other=2", "x-request-id": "order-17" };
    const answer = await app.inject({ url: "/livez", headers });
    expect(answer.headers.traceparent).toMatch(
      new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
    );
    expect(answer.headers.tracestate).toBe("vendor=1,other=2");
    expect(answer.headers["x-request-id"]).toBe("order-17");
    const plain = await app.inject("/livez");
    expect(plain.headers).not.toHaveProperty("traceparent");
    expect(plain.headers).not.toHaveProperty("x-request-id");
  });

  test("a request's name that is long or odd, or looks like a key or a token, is replaced", async () => {
    const { app } = await serveEstate(await open());
    for (const odd of ["a".repeat(129), "a b", "<b>", 'a"b', "fl_abc", "eyJhbGciOi.J9.x"]) {
      const answer = await app.inject({ url: "/livez", headers: { "x-request-id": odd } });
      expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f]{10}-\d+$/);
    }
  });

  test("a page of another site gets nothing by a name that it points at this machine", async () => {
    const { app } = await serveEstate(await open());
    const asked = (host: string) => app.inject({ url: "/v1/orgs/acme/check", headers: { host } });
    const others = [
      "evil.example:4600",
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "10.0.0.1",
      "[::2]",
    ];
    for (const host of others) {
      const answer = await asked(host);
      expect(answer.statusCode).toBe(421);
      expect(answer.json()).toMatchObject({ type: "urn:tenantry:problem:wrong-host" });
    }
    for (const host of ["localhost:4600", "LOCALHOST", "127.0.0.1:80", "127.8.8.8", "[::1]:4600"]) {
      expect((await asked(host)).statusCode).toBe(405);
    }
    // Nor may a page read what it can make a browser send.
    const answer = await app.inject({ url: "/livez", headers: { origin: "https://evil.example" } });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

test.each([
  ["of another version", `01-${trace}-b7ad6b7169203331-01`],
  ["with a trace of zeroes", `00-${"0".repeat(32)}-b7ad6b7169203331-01`],
  ["with a span of zeroes", `00-${trace}-${"0".repeat(16)}-01`],
  ["in capitals", traceparent.toUpperCase()],
  ["that is too short", traceparent.slice(0, -1)],
  ["that is too long", `${traceparent}-00`],
  ["given twice", `${traceparent}, ${traceparent}`],
  ["that is none", undefined],
])("a trace %s is ignored", (_, header) => {
  expect(parseTraceparent(header)).toBeNull();
});
