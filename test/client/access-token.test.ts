import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { accessToken } from "../../src/client/access-token.ts";
import type { Trouble } from "../../src/client/client.ts";
import { makeKeyText } from "../../src/identity/key-text.ts";
import { eachEngine } from "../engines.ts";
import { clientOf, keyedServer, until } from "./listening-server.ts";

const gus = (org: string) => `gus@${org}.example`;

eachEngine("a client with a key", (open) => {
  test("exchanges it once, and asks about the key's own org, or any with a service's", async () => {
    const { url, keys, asked } = await keyedServer(await open());
    const hooli = clientOf({ url, key: keys.hooli.text, cacheFor: 0 });
    const all = await Promise.all([
      hooli.can(gus("hooli"), "org:read"),
      hooli.org("hooli").can(gus("hooli"), "org:read"),
      hooli.org("umbra").can(gus("umbra"), "org:read"),
      hooli.explain({ permission: "org:read", member: gus("hooli") }).then(({ answer }) => answer.reason),
    ]);
    expect(all).toEqual([true, true, false, "granted"]);
    expect(await hooli.org("umbra").check([{ flag: "new_dashboard" }])).toMatchObject([
      { reason: "unknown-org" },
    ]);
    expect(asked.filter((each) => each === "POST /v1/token")).toHaveLength(1);
    expect(hooli.standing().isCutOff).toBe(false);
    const edge = clientOf({ url, key: keys.edge.text, org: "umbra" });
    expect(await edge.can(gus("umbra"), "org:read")).toBe(true);
    expect(await edge.org("hooli").can(gus("hooli"), "org:read")).toBe(true);
  });

  test("hears its own org's changes", async () => {
    const database = await open();
    const { url, keys } = await keyedServer(database);
    const client = clientOf({ url, key: keys.hooli.text });
    let told = 0;
    client.onChange(() => told++);
    await until(() => client.standing().revision > 0);
    await database.pool.query("update tenantry.org set name = 'Other' where slug = 'hooli'");
    await until(() => told === 1);
  });

  test("gets another token once where the one it has is taken no more", async () => {
    const { url, keys, asked, clock } = await keyedServer(await open());
    const client = clientOf({ url, key: keys.hooli.text, cacheFor: 0 });
    expect(await client.can(gus("hooli"), "org:read")).toBe(true);
    clock.now += 601_000;
    asked.length = 0;
    const ask = () => client.can(gus("hooli"), "org:read");
    expect(await Promise.all([ask(), client.org("hooli").can(gus("hooli"), "org:read")])).toEqual([
      true,
      true,
    ]);
    expect(asked.filter((each) => each === "POST /v1/token")).toHaveLength(1);
    expect(client.standing().isCutOff).toBe(false);
  });

  test("knows nothing any more once its key is revoked, and nothing with one that never was", async () => {
    const database = await open();
    const { url, keys } = await keyedServer(database);
    const told: Trouble[] = [];
    const client = clientOf({ url, key: keys.hooli.text, cacheFor: 0, onTrouble: (each) => told.push(each) });
    const ask = async () => (await client.check([{ permission: "org:read", member: gus("hooli") }]))[0];
    expect(await ask()).toMatchObject({ allowed: true });
    await database.pool.query("update tenantry.org_key set revoked_at = clock_timestamp() where id = $1", [
      keys.hooli.id,
    ]);
    // Not from what it knew either, although it would do for a minute.
    await until(async () => (await ask())?.reason === "unavailable");
    expect(await ask()).toMatchObject({ allowed: false });
    expect(told).toMatchObject([{ kind: "cut-off", error: { code: "unauthorized" } }]);
    const never = clientOf({ url, key: makeKeyText().text });
    expect(await never.can(gus("hooli"), "org:read")).toBe(false);
    const none = clientOf({ url, org: "hooli" });
    expect(await none.can(gus("hooli"), "org:read")).toBe(false);
    expect(none.standing().isCutOff).toBe(true);
  });

  test("says its key to nobody else, and in no error", async () => {
    const { url, keys } = await keyedServer(await open());
    const sent: string[] = [];
    const told: Trouble[] = [];
    const client = clientOf({
      url,
      key: keys.hooli.text,
      retries: 0,
      onTrouble: (each) => told.push(each),
      fetch: async (input, init) => {
        sent.push(`${String(input)} ${JSON.stringify([init?.redirect, init?.body])}`);
        if (sent.length > 1) return Response.redirect("http://elsewhere.example/", 307);
        return fetch(input, init);
      },
    });
    expect(await client.can(gus("hooli"), "org:read")).toBe(false);
    expect(sent).toHaveLength(2);
    expect(sent.every((each) => each.includes(`["error"`) && !each.includes("fl_"))).toBe(true);
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told) + String((told[0] as { error: Error }).error.stack)).not.toContain(
      keys.hooli.text,
    );
  });
});

describe("a token", () => {
  test("is renewed before its end, while the one before is still asked with, and one at a time", async () => {
    let exchanges = 0;
    const { current } = accessToken(async () => {
      await wait(20);
      return { token: `token-${++exchanges}`, life: 1_000 };
    });
    expect(await Promise.all([current(), current(), current()])).toEqual(["token-1", "token-1", "token-1"]);
    expect(current()).toBe("token-1");
    await wait(850);
    expect([current(), current()]).toEqual(["token-1", "token-1"]);
    await wait(60);
    expect(current()).toBe("token-2");
    expect(exchanges).toBe(2);
  });

  test("is never asked with after its end, and a failed renewal is told to who waits for it", async () => {
    let isFailing = false;
    let exchanges = 0;
    const { current, refused } = accessToken(async () => {
      if (isFailing) throw new Error("no");
      return { token: `token-${++exchanges}`, life: 200 };
    });
    expect(await current()).toBe("token-1");
    isFailing = true;
    await wait(170);
    expect(current()).toBe("token-1");
    await wait(60);
    await expect(current()).rejects.toThrow("no");
    isFailing = false;
    expect(await current()).toBe("token-2");
    refused("token-1");
    expect(current()).toBe("token-2");
    refused("token-2");
    expect(await current()).toBe("token-3");
  });
});
