import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { expect, test } from "vitest";
import { eachEngine } from "../engines.ts";
import { rawSocket } from "./raw-socket.ts";
import { serveEstate } from "./serve-estate.ts";

const host = "Host: 127.0.0.1";
const json = "Content-Type: application/json";
const path = "/v1/orgs/acme/check";

const post = (body: string, ...headers: readonly string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    host,
    json,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    "",
    body,
  ].join("\r\n");
const get = (target: string, ...headers: readonly string[]) =>
  [`GET ${target} HTTP/1.1`, host, ...headers, "", ""].join("\r\n");
const method = (name: string, target: string) => [`${name} ${target} HTTP/1.1`, host, "", ""].join("\r\n");
const asking = (context: string) =>
  `{"questions":[{"permission":"members:invite","member":"ana@acme.example","context":${context}}]}`;
const deep = (open: string, middle: string, close: string, times: number) =>
  open.repeat(times) + middle + close.repeat(times);

/** What is sent, and the status that answers it. */
const cases: { readonly [name: string]: readonly [request: string, status: number] } = {
  "a good question": [post(asking("{}")), 200],
  "no HTTP at all": ["hello\r\n\r\n", 400],
  "bytes of another protocol": ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400],
  "an unknown version": [`GET /livez HTTP/9.9\r\n${host}\r\n\r\n`, 400],
  "an unknown method": [method("FROBNICATE", "/livez"), 400],
  "no host": ["GET /livez HTTP/1.1\r\n\r\n", 400],
  "two hosts": [get("/livez", "Host: evil.example"), 421],
  "another's host": ["GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421],
  "HTTP/1.0 without a host": ["GET /livez HTTP/1.0\r\n\r\n", 200],
  "a target with its origin": [get("http://127.0.0.1:4600/livez"), 200],
  "headers beyond what is taken": [get("/livez", `X-Large: ${"a".repeat(20_000)}`), 431],
  "a path beyond what is taken": [get(`/${"a".repeat(20_000)}`), 431],
  "a long name": [get(`/v1/orgs/${"a".repeat(1_100)}/config`), 400],
  "a line break in a header": [get("/livez", "X-Odd: a\rb"), 400],
  "a header folded over lines": [get("/livez", "X-Odd: a", " b"), 400],
  "two lengths": [post(asking("{}"), "Content-Length: 3"), 400],
  "a length and chunks": [post(asking("{}"), "Transfer-Encoding: chunked"), 400],
  "a length that is no number": [
    `POST ${path} HTTP/1.1\r\n${host}\r\n${json}\r\nContent-Length: -1\r\n\r\n`,
    400,
  ],
  "two types": [post(asking("{}"), "Content-Type: text/plain"), 415],
  "two revisions": [get("/v1/orgs/acme/config", "Tenantry-Min-Revision: 1", "Tenantry-Min-Revision: 1"), 400],
  "another type": [post(asking("{}")).replace("application/json", "text/plain"), 415],
  "a compressed body": [post(asking("{}"), "Content-Encoding: gzip"), 415],
  "a body of other characters": [
    post(asking("{}")).replace("application/json", "application/json; charset=utf-16"),
    415,
  ],
  "a body that says it is UTF-8": [
    post(asking("{}")).replace("application/json", 'application/json; charset="UTF-8"'),
    200,
  ],
  "an announced giant": [
    `POST ${path} HTTP/1.1\r\n${host}\r\n${json}\r\nContent-Length: 2000000\r\n\r\n`,
    413,
  ],
  "no body": [post(""), 400],
  "no JSON": [post("{"), 400],
  "a string that never ends": [post(`${"[".repeat(40)}"${"a".repeat(100)}`), 400],
  "a hundred thousand arrays": [post(asking(`{"a":${deep("[", "", "]", 100_000)}}`)), 400],
  "a hundred thousand objects": [post(asking(deep('{"a":', "1", "}", 100_000))), 400],
  "a hundred thousand that do not close": [post("[".repeat(100_000)), 400],
  "depth behind strings of brackets": [
    post(asking(`{"a":"]]]]\\"]]]]\\\\","b":${deep("[", '"]"', "]", 70).replaceAll("[", '["]}",')}}`)),
    400,
  ],
  "brackets in a string": [post(asking(`{"a":"${"[".repeat(1_000)}\\"[["}`)), 200],
  "names that objects inherit": [
    post(asking('{"__proto__":{"mfa":true},"constructor":{"prototype":{"mfa":true}}}')),
    200,
  ],
  "a broken percent sign": [get("/v1/orgs/%ff/config"), 400],
  "half a percent sign": [get("/v1/orgs/%/config"), 400],
  "a null byte": [get("/v1/orgs/%00/config"), 404],
  "a way out of the path": [get("/v1/orgs/../../etc/passwd"), 404],
  "an inherited name for an org": [get("/v1/orgs/__proto__/config"), 404],
  "a wrong method": [method("DELETE", path), 405],
  "a method nobody takes": [method("PROPFIND", "/livez"), 405],
  "a preflight": [method("OPTIONS", path), 405],
  "a head": [method("HEAD", "/livez"), 200],
  "an expectation that nobody can meet": [get("/livez", "Expect: the-unexpected"), 417],
  "an upgrade": [get("/livez", "Connection: Upgrade", "Upgrade: websocket"), 200],
};

eachEngine("hostile requests", (open, engine) => {
  test("each gets the answer that is due to it, and the server answers the next", async () => {
    const { app } = await serveEstate(await open());
    const port = await listen(app);
    for (const [name, [request, status]] of Object.entries(cases)) {
      const socket = await rawSocket(port);
      socket.write(request);
      const heard = await socket.hears(/\r\n\r\n/).catch((error) => error.message);
      socket.socket.destroy();
      expect.soft(heard, name).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      if (status >= 400) expect.soft(heard, name).toContain("application/problem+json");
      // Neither where we are, nor what it is made of, nor what it stumbled over.
      expect.soft(heard, name).not.toMatch(/node_modules|\.ts:|\bat \/|FST_|HPE_|SyntaxError|Fastify/);
      if (status === 405) expect.soft(heard, name).toMatch(/\r\nallow: [A-Z, ]+\r\n/);
      expect.soft((await app.inject("/livez")).statusCode, name).toBe(200);
    }
  });

  test("inherited names in a body decide nothing", async () => {
    const { app } = await serveEstate(await open());
    const ask = async (context: string) =>
      (
        await app.inject({
          method: "POST",
          url: path,
          headers: { "content-type": "application/json" },
          payload: asking(context),
        })
      ).json();
    const [without] = (await ask("{}")).answers;
    const [poisoned] = (await ask('{"__proto__":{"mfa":true}}')).answers;
    expect(poisoned).toEqual(without);
    expect(({} as { mfa?: unknown }).mfa).toBeUndefined();
  });

  test("a body that outgrows what is taken is cut off", async () => {
    const { app } = await serveEstate(await open());
    const socket = await rawSocket(await listen(app));
    socket.write(`POST ${path} HTTP/1.1\r\n${host}\r\n${json}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${"a".repeat(0x10000)}\r\n`;
    for (let sent = 0; sent < 20; sent++) socket.write(chunk);
    expect(await socket.hears("\r\n\r\n")).toMatch(/^HTTP\/1\.1 413 /);
    await socket.ended();
  });

  test("pipelined questions are answered in order, and nothing is answered into another's answer", async () => {
    const { app } = await serveEstate(await open());
    const port = await listen(app);
    const socket = await rawSocket(port);
    const asked = Array.from(
      { length: 20 },
      (_, index) => `GET /livez HTTP/1.1\r\n${host}\r\nX-Request-Id: n${index}\r\n\r\n`,
    );
    socket.write(asked.join(""));
    const heard = await socket.hears("x-request-id: n19");
    expect([...heard.matchAll(/x-request-id: n(\d+)/g)].map(([, index]) => Number(index))).toEqual([
      ...asked.keys(),
    ]);
    const broken = await rawSocket(port);
    broken.write(`${post(asking("{}"))}garbage\r\n\r\n`);
    // Whatever was begun is whole, or is not there at all.
    expect(await broken.ended()).toMatch(/^(?:HTTP\/1\.1 200 OK[\s\S]*\}(?:HTTP\/1\.1 400 [\s\S]*)?)?$/);
  });

  test.runIf(engine === "postgres")("bytes that drip in hold a connection for seconds only", async () => {
    const { app } = await serveEstate(await open());
    const port = await listen(app);
    const head = await rawSocket(port);
    const body = await rawSocket(port);
    const silent = await rawSocket(port);
    head.write("GET /livez HTTP/1.1\r\n");
    body.write(`POST ${path} HTTP/1.1\r\n${host}\r\n${json}\r\nContent-Length: 1000\r\n\r\n`);
    const dripping = setInterval(() => {
      head.write("X-Drip: 1\r\n");
      body.write(" ");
    }, 200);
    const begun = performance.now();
    try {
      expect(await head.ended()).toMatch(/^HTTP\/1\.1 408 [\s\S]*request-timeout/);
      expect(performance.now() - begun).toBeLessThan(15_000);
      expect(await body.ended()).toMatch(/^(?:HTTP\/1\.1 408 [\s\S]*)?$/);
      expect(performance.now() - begun).toBeLessThan(25_000);
      await silent.ended();
    } finally {
      clearInterval(dripping);
    }
    expect((await app.inject("/livez")).statusCode).toBe(200);
  });

  test("connections beyond the limit are closed, and the others go on", async () => {
    const { app } = await serveEstate(await open());
    expect(app.server.maxConnections).toBe(10_000);
    app.server.maxConnections = 2;
    const port = await listen(app);
    const [first, second] = [await rawSocket(port), await rawSocket(port)];
    for (const socket of [first, second]) {
      socket.write(get("/livez"));
      await socket.hears("live");
    }
    expect(await (await rawSocket(port)).ended()).toBe("");
    first.socket.destroy();
    second.write(get("/readyz"));
    await second.hears('"ready":true');
  });
});

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as AddressInfo).port;
}
