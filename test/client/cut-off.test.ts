import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Trouble } from "../../src/client/client.ts";
import { eachEngine } from "../engines.ts";
import { clientOf, lineTo, listeningServer, until } from "./listening-server.ts";

const ana = "ana@acme.example";
const withMfa = { context: { mfa: true } };

eachEngine("a client that is cut off", (open) => {
  test("says so, answers from what it knows for a while, then says no, and comes back by itself", async () => {
    const served = await listeningServer(await open());
    const line = await lineTo(served.url);
    const told: Trouble[] = [];
    const client = clientOf({
      url: line.url,
      org: "acme",
      cacheFor: 0,
      staleFor: 3_000,
      timeout: 300,
      onTrouble: (trouble) => told.push(trouble),
    });
    const ask = async () => [
      await client.can(ana, "members:invite", undefined, withMfa),
      await client.flag("new_dashboard", {}, "a text" as never),
      await client.entitled("sso"),
    ];
    const flag = await client.flag("new_dashboard", {}, false);
    const known = await ask();
    expect(known).toEqual([true, "a text", true]);
    expect(told).toEqual([]);

    line.swallow = "everybody's";
    const began = performance.now();
    expect(await ask()).toEqual(known);
    expect(await client.flag("new_dashboard", {}, !flag)).toBe(flag);
    expect(performance.now() - began).toBeLessThan(1_400);
    // Once the server gave no sign of life, it knows that waiting is of no use.
    await wait(600);
    const later = performance.now();
    expect(await ask()).toEqual(known);
    expect(performance.now() - later).toBeLessThan(200);
    expect(told).toMatchObject([{ kind: "cut-off", error: { code: "timeout" } }]);
    expect(client.standing()).toMatchObject({ revision: 1, isCutOff: true });
    expect(client.standing().age).toBeGreaterThanOrEqual(300);
    // What was never asked nobody knows.
    expect(await client.check([{ entitlement: "audit_export" }])).toMatchObject([
      { entitled: false, reason: "unavailable" },
    ]);
    expect(await client.explain({ entitlement: "sso" })).toMatchObject({ answer: { reason: "unavailable" } });

    await until(() => client.standing().age > 3_100);
    expect(await ask()).toEqual([false, "a text", false]);
    expect(await client.flag("new_dashboard", {}, !flag)).toBe(!flag);
    expect(await client.check([{ permission: "members:invite", member: ana }])).toMatchObject([
      { allowed: false, reason: "unavailable", decidedBy: null },
    ]);

    line.swallow = "nobody's";
    await until(() => told.length > 1);
    expect(told).toMatchObject([{ kind: "cut-off" }, { kind: "back" }]);
    expect(client.standing().isCutOff).toBe(false);
    expect(await ask()).toEqual(known);
  });

  test("answers from what it knows also where it was told of changes", async () => {
    const served = await listeningServer(await open());
    const line = await lineTo(served.url);
    const client = clientOf({ url: line.url, org: "acme", cacheFor: 0, cacheWhileHeard: 0, timeout: 300 });
    let told = 0;
    client.onChange(() => told++);
    const ask = async () => [
      await client.can(ana, "members:invite", undefined, withMfa),
      await client.entitled("sso"),
    ];
    expect(await ask()).toEqual([true, true]);
    // By then the stream is there, and says nothing of changes.
    await wait(500);
    expect(told).toBe(0);
    line.swallow = "everybody's";
    expect(await ask()).toEqual([true, true]);
  });

  test("has no answers of an earlier revision while it is cut off", async () => {
    const served = await listeningServer(await open());
    const line = await lineTo(served.url);
    const client = clientOf({ url: line.url, org: "acme", timeout: 300 });
    expect(await client.entitled("sso")).toBe(true);
    await served.apply({
      "orgs/hooli.yaml":
        "apiVersion: tenantry/v1\norg: hooli\nname: Hooli\nmembers: { gil@hooli.example: owner }\n",
    });
    await until(() => served.estate.state().revision === 2);
    await client.org("hooli").entitled("sso");
    line.swallow = "everybody's";
    await client.org("hooli").can(ana, "members:invite");
    expect(client.standing()).toMatchObject({ revision: 2, isCutOff: true });
    expect(await client.entitled("sso")).toBe(false);
    expect(await client.org("hooli").check([{ entitlement: "sso" }])).not.toMatchObject([
      { reason: "unavailable" },
    ]);
  });

  test("asks again where a connection breaks, and not for ever", async () => {
    const served = await listeningServer(await open());
    let broken = 0;
    let count = 0;
    const flaky: typeof fetch = (input, init) => {
      count++;
      if (broken-- > 0) return fetch("http://127.0.0.1:1/", init);
      return fetch(input, init);
    };
    const client = clientOf({ url: served.url, org: "acme", cacheFor: 0, retries: 2, fetch: flaky });
    broken = 2;
    expect(await client.entitled("sso")).toBe(true);
    expect(count).toBe(3);
    expect(client.standing().isCutOff).toBe(false);
    broken = 3;
    count = 0;
    // From what it knows.
    expect(await client.entitled("sso")).toBe(true);
    expect(count).toBe(3);
    expect(client.standing().isCutOff).toBe(true);
    await until(() => !client.standing().isCutOff);
  });

  test("waits as long as the server asks for, and asks no second time what is refused", async () => {
    const { url, asked, instead } = await listeningServer(await open());
    const client = clientOf({ url, org: "acme", cacheFor: 0 });
    instead.push({ status: 503, headers: { "retry-after": "1" } });
    let began = performance.now();
    expect(await client.entitled("sso")).toBe(true);
    expect(asked).toHaveLength(2);
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
    for (const status of [400, 404, 409, 418, 500]) {
      asked.length = 0;
      instead.push({ status });
      const elsewhere = { entitlement: "audit_export", workspace: String(status) };
      expect(await client.check([elsewhere])).toMatchObject([{ reason: "unavailable" }]);
      expect(asked).toHaveLength(1);
      await until(() => !client.standing().isCutOff);
    }
    asked.length = 0;
    // Longer than it may take: it is not waited for, and nobody asks meanwhile.
    instead.push({ status: 429, headers: { "retry-after": "30" } });
    began = performance.now();
    expect(await client.entitled("audit_export")).toBe(false);
    expect(await client.org("globex").entitled("sso")).toBe(false);
    expect(performance.now() - began).toBeLessThan(500);
    expect(asked).toHaveLength(1);
  });

  test("takes a server for nobody that was not there from the beginning, and one that ended", async () => {
    const client = clientOf({ url: "http://127.0.0.1:1", org: "acme", timeout: 200 });
    expect(await client.can(ana, "members:invite")).toBe(false);
    expect(client.standing()).toEqual({ revision: 0, age: Number.POSITIVE_INFINITY, isCutOff: true });
    const served = await listeningServer(await open());
    const other = clientOf({ url: served.url, org: "acme" });
    expect(await other.entitled("sso")).toBe(true);
    const underWay = other.entitled("audit_export");
    await other.close();
    // Not from what it knew either.
    expect([await other.entitled("sso"), await underWay]).toEqual([false, false]);
    expect(await other.check([{ flag: "other" }])).toMatchObject([{ reason: "unavailable" }]);
  });
});
