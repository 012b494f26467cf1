import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { hearChanges } from "../../src/client/hear-changes.ts";
import type { Database } from "../../src/database/connect.ts";
import { openLiveEstate } from "../../src/runtime/live-estate.ts";
import { makeServer } from "../../src/server/make-server.ts";
import { eachEngine } from "../engines.ts";
import { clientOf, lineTo, listeningServer, until } from "./listening-server.ts";

const sample = readFileSync(join(import.meta.dirname, "../../tenants/orgs/globex.yaml"), "utf8");
const globex = (status: string) => ({
  "orgs/globex.yaml": sample.replace("org: globex", `org: globex\nstatus: ${status}`),
});
const hooli = (name: string) => ({
  "orgs/hooli.yaml": `apiVersion: tenantry/v1\norg: hooli\nname: ${name}\nmembers: { gil@hooli.example: owner }\n`,
});
const kim = "kim@globex.example";

/** Another server over the estate as it is now, as after a restart; gives its URL. */
async function servedAnew(database: Database): Promise<string> {
  const estate = await openLiveEstate(database);
  const serving = {
    estate,
    authenticator: null,
    clock: Date.now,
    maxStale: 60_000,
    origin: "http://x.example",
  };
  const app = makeServer(serving, { forceCloseConnections: true });
  onTestFinished(() => app.close());
  return app.listen({ host: "127.0.0.1", port: 0 });
}

eachEngine("a client that listens for changes", (open, engine) => {
  test("is told of its org's changes, and asks for none that were not told", async () => {
    const served = await listeningServer(await open());
    const client = clientOf({ url: served.url, org: "globex", cacheFor: 0 });
    let told = 0;
    const end = client.onChange(() => told++);
    const isHeard = () => served.asked.some((each) => each.startsWith("GET /v1/orgs/globex/ofrep"));
    await until(isHeard);
    await until(() => client.standing().revision === 1);
    expect(await client.can(kim, "org:read")).toBe(true);
    served.asked.length = 0;
    // A sign that nothing changed is worth ten seconds of the cache.
    expect(await client.can(kim, "org:read")).toBe(true);
    expect(served.asked).toEqual([]);

    await served.apply(globex("suspended"));
    await until(() => told === 1);
    expect(client.standing().revision).toBe(2);
    expect(await client.can(kim, "org:read")).toBe(false);
    await served.apply(hooli("Hooli"));
    await until(() => served.estate.state().revision === 3);
    await client.org("hooli").entitled("sso");
    expect(told).toBe(1);

    end();
    end();
    await served.apply(globex("active"));
    await until(() => served.estate.state().revision === 4);
    expect(told).toBe(1);
    // Without the stream nothing is kept.
    served.asked.length = 0;
    await client.can(kim, "org:read");
    await client.can(kim, "org:read");
    expect(served.asked).toHaveLength(2);
  });

  test("is told of what somebody writes by hand, without a revision", async () => {
    const database = await open();
    const served = await listeningServer(database);
    const client = clientOf({ url: served.url, org: "globex", cacheFor: 60_000, cacheWhileHeard: 60_000 });
    let told = 0;
    client.onChange(() => told++);
    await until(() => client.standing().revision === 1);
    expect(await client.entitled("sso")).toBe(false);
    await database.pool.query("update tenantry.org set status = 'suspended' where slug = 'globex'");
    await until(() => told === 1);
    expect(client.standing().revision).toBe(1);
    expect(await client.check([{ entitlement: "sso" }])).toMatchObject([{ reason: "org-not-active" }]);
  });

  test("takes a broken stream up where it was, and is told what it missed", async () => {
    const served = await listeningServer(await open());
    const line = await lineTo(served.url);
    const client = clientOf({ url: line.url, org: "globex", cacheFor: 60_000, cacheWhileHeard: 60_000 });
    let told = 0;
    client.onChange(() => told++);
    await until(() => client.standing().revision === 1);
    expect(await client.can(kim, "org:read")).toBe(true);
    await line.close();
    await served.apply(globex("suspended"));
    await until(() => served.estate.state().revision === 2);
    expect(told).toBe(0);
    const again = await lineTo(served.url, Number(new URL(line.url).port));
    await until(() => told === 1);
    expect(await client.can(kim, "org:read")).toBe(false);
    expect(again.url).toBe(line.url);
  }, 20_000);

  test("is told after a break of what was written by hand meanwhile, and by a server that began anew", async () => {
    const database = await open();
    const served = await listeningServer(database);
    const line = await lineTo(served.url);
    const client = clientOf({ url: line.url, org: "globex", cacheFor: 60_000, cacheWhileHeard: 60_000 });
    let told = 0;
    client.onChange(() => told++);
    await until(() => client.standing().revision === 1);
    await line.close();
    await database.pool.query("update tenantry.org set status = 'suspended' where slug = 'globex'");
    await until(async () => (await served.estate.org("globex"))?.status === "suspended");
    const again = await lineTo(served.url, Number(new URL(line.url).port));
    await until(() => told === 1);
    await again.close();
    await database.pool.query("update tenantry.org set status = 'active' where slug = 'globex'");
    await lineTo(await servedAnew(database), Number(new URL(line.url).port));
    await until(() => told === 2);
    expect(client.standing().revision).toBe(1);
  }, 30_000);

  test("is told of what came between an answer and its stream, and of nothing where nothing did", async () => {
    const database = await open();
    const served = await listeningServer(database);
    const [asking, quiet] = [clientOf({ url: served.url }), clientOf({ url: served.url })];
    const told: string[] = [];
    for (const client of [asking, quiet]) {
      expect(await client.org("globex").can(kim, "org:read")).toBe(true);
      if (client === quiet) continue;
      await database.pool.query("update tenantry.org set status = 'suspended' where slug = 'globex'");
      await until(async () => (await served.estate.org("globex"))?.status === "suspended");
      client.org("globex").onChange(() => told.push("asking"));
      await until(() => told.length === 1);
      await database.pool.query("update tenantry.org set status = 'active' where slug = 'globex'");
      await until(() => told.length === 2);
    }
    const { length } = served.asked;
    quiet.org("globex").onChange(() => told.push("quiet"));
    await until(() => served.asked.length > length);
    await served.apply(globex("suspended"));
    await until(() => told.includes("quiet"));
    expect(told).toEqual(expect.arrayContaining(["asking", "asking", "asking", "quiet"]));
    expect(told).toHaveLength(4);
  }, 30_000);

  test("is told that its org is gone, and that it is there", async () => {
    const served = await listeningServer(await open());
    const client = clientOf({ url: served.url, org: "hooli", cacheFor: 0 });
    const told: boolean[] = [];
    client.onChange(async () => told.push(await client.can("gil@hooli.example", "org:read")));
    await until(() => told.length === 1);
    await served.apply(hooli("Hooli"));
    await until(() => told.length === 2);
    expect(told).toEqual([false, true]);
  }, 20_000);

  test("hears nothing once it is closed, and opens nothing more", async () => {
    const served = await listeningServer(await open());
    const client = clientOf({ url: served.url, org: "globex" });
    await client.close();
    let told = 0;
    const ends = [client.onChange(() => told++), client.org("acme").onChange(() => told++)];
    await fetch(`${served.url}/livez`);
    await wait(100);
    expect(served.asked).toEqual(["GET /livez"]);
    for (const end of ends) end();
    expect(told).toBe(0);
  });

  if (engine === "pglite") return;
  test("gives up a stream on which nothing is heard", async () => {
    const served = await listeningServer(await open());
    const line = await lineTo(served.url);
    let opened = 0;
    const hearing = hearChanges({
      open: (headers, signal) => fetch(`${line.url}v1/orgs/globex/ofrep/v1/events`, { headers, signal }),
      onChange() {},
      // Said first on every stream.
      onPosition: () => {
        opened++;
        line.swallow = "everybody's";
      },
      silence: 200,
    });
    await until(() => opened === 1);
    expect(hearing.isHeard()).toBe(true);
    await until(() => !hearing.isHeard());
    line.swallow = "nobody's";
    await until(() => opened === 2);
    hearing.end();
  }, 20_000);
});
