import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Client, Trouble } from "../../src/client/client.ts";
import { clientOf, until } from "./listening-server.ts";
import { type MockAsked, mockServer, silence } from "./mock-server.ts";

/** Why one org's questions get no answer, while every other's do. */
const ailments: Readonly<Record<string, (asked: MockAsked) => Promise<Response>>> = {
  "that gets no answer in time": ({ signal }) => silence(signal),
  "of an org that the server cannot look up": async () => Response.json({}, { status: 503 }),
  "that the connection breaks on": async () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
  },
};

const reasonOf = async (client: Client, org: string) =>
  (await client.org(org).check([{ permission: "a", member: "ana" }]))[0]?.reason;

describe("a question", () => {
  for (const [name, ailment] of Object.entries(ailments)) {
    test(`${name} leaves the others theirs, and is a no once what is known of it is too old`, async () => {
      let isIll = false;
      const server = mockServer((asked) =>
        isIll && asked.path.startsWith("/v1/orgs/slow/") ? ailment(asked) : null,
      );
      const client = clientOf({ ...server, timeout: 200, retries: 0, cacheFor: 0, staleFor: 500 });
      expect(await client.org("slow").can("ana", "a")).toBe(true);
      isIll = true;
      expect(await reasonOf(client, "slow")).toBe("granted");
      const reasons = new Set<string | undefined>();
      for (const begun = performance.now(); performance.now() - begun < 900; await wait(5)) {
        void client.org("slow").entitled("sso");
        reasons.add(await reasonOf(client, "quick"));
      }
      expect([...reasons]).toEqual(["granted"]);
      expect(await reasonOf(client, "slow")).toBe("unavailable");
      await until(() => !client.standing().isCutOff);
      isIll = false;
      expect(await reasonOf(client, "slow")).toBe("granted");
    });
  }
});

describe("a server", () => {
  test("that gives no sign of life is asked by nobody until it does", async () => {
    let isGone = false;
    const told: Trouble["kind"][] = [];
    const server = mockServer(() => (isGone ? Response.json({}, { status: 502 }) : null));
    const client = clientOf({ ...server, retries: 0, cacheFor: 0, onTrouble: ({ kind }) => told.push(kind) });
    isGone = true;
    expect(await reasonOf(client, "acme")).toBe("unavailable");
    await until(() => server.asked.filter((path) => path === "/livez").length > 1);
    server.asked.length = 0;
    expect(await reasonOf(client, "globex")).toBe("unavailable");
    expect(server.asked).not.toContain("/v1/orgs/globex/check");
    isGone = false;
    await until(() => told.length > 1);
    expect(told).toEqual(["cut-off", "back"]);
    expect(await reasonOf(client, "globex")).toBe("granted");
  });

  test("whose sign of life is kept from the client is found by the question itself", async () => {
    let isGone = true;
    const server = mockServer(({ path, signal }) => (isGone || path === "/livez" ? silence(signal) : null));
    const client = clientOf({ ...server, timeout: 100, retries: 0 });
    expect(await reasonOf(client, "acme")).toBe("unavailable");
    await until(() => server.asked.length > 2);
    isGone = false;
    await until(() => !client.standing().isCutOff);
    expect(await reasonOf(client, "globex")).toBe("granted");
  });
});
