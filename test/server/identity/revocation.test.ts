import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { expect, test } from "vitest";
import type { Database } from "../../../src/database/connect.ts";
import { makeKeyText } from "../../../src/identity/key-text.ts";
import { eachEngine, urls } from "../../engines.ts";
import { minted } from "../../identity/keys-of-acme.ts";
import { get, post } from "../answers.ts";
import { serveEstate } from "../serve-estate.ts";
import { bearer, type KeyedEstate, keyedEstate, orgFile } from "./keyed-estate.ts";

type Sent = { readonly text: string };

const statusOf = async (served: KeyedEstate, sent: Sent) =>
  (await get(served, "/v1/key", bearer(sent))).status;

async function tokenFor(served: KeyedEstate, key: Sent): Promise<Sent> {
  return { text: (await post(served, "/v1/token", {}, bearer(key))).body.access_token };
}

const revoke = ({ pool }: Pick<Database, "pool">, { id }: { readonly id: string }) =>
  pool.query(
    `with of_org as (update tenantry.org_key set revoked_at = clock_timestamp() where id = $1)
     update tenantry.service_key set revoked_at = clock_timestamp() where id = $1`,
    [id],
  );

/** How long after something a credential is refused, in milliseconds. */
async function refusedAfter(served: KeyedEstate, sent: Sent, work: () => Promise<unknown>): Promise<number> {
  await work();
  const begun = performance.now();
  while ((await statusOf(served, sent)) === 200) {
    if (performance.now() - begun > 10_000) throw new Error("It was never refused.");
    await setTimeout(5);
  }
  return performance.now() - begun;
}

/** Counts how often a server looks for a key. */
function countLookups({ pool }: Database): () => number {
  let count = 0;
  const heard = new WeakSet<object>();
  pool.on("acquire", (client) => {
    if (heard.has(client)) return;
    heard.add(client);
    const { query } = client;
    client.query = ((...args: unknown[]) => {
      if (String(args[0]).includes("from org_key where")) count++;
      return Reflect.apply(query, client, args);
    }) as typeof query;
  });
  return () => count;
}

eachEngine("a key", (open, engine) => {
  test("that is revoked, or whose org or declaration goes, is refused within a second, and so are its tokens", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    for (const how of ["key", "token"] as const) {
      for (const holder of ["edge", "hooli"] as const) {
        const key = await minted(database, `${how}s`, holder === "edge" ? undefined : "hooli").catch(
          () => served.keys[holder],
        );
        const sent = how === "key" ? key : await tokenFor(served, key);
        expect(await statusOf(served, sent)).toBe(200);
        const took = await refusedAfter(served, sent, () => revoke(database, key));
        console.log(`a ${how} of ${holder} was refused ${Math.round(took)} ms after it was revoked`);
        expect(took).toBeLessThan(1_000);
        await database.pool.query(
          "update tenantry.org_key set revoked_at = null; update tenantry.service_key set revoked_at = null",
        );
        await expect.poll(() => statusOf(served, sent), { timeout: 5_000 }).toBe(200);
      }
    }
    const token = await tokenFor(served, served.keys.umbra);
    expect(await statusOf(served, token)).toBe(200);
    await served.apply({ "orgs/umbra.yaml": "apiVersion: tenantry/v1\norg: umbra\napi_keys: {}\n" });
    await served.estate.refresh();
    for (const sent of [token, served.keys.umbra]) expect(await statusOf(served, sent)).toBe(401);
    await served.apply(orgFile("umbra"));
    await served.estate.refresh();
    for (const sent of [token, served.keys.umbra]) expect(await statusOf(served, sent)).toBe(200);
  });

  // An embedded database works in this process, where a flood leaves nobody else a turn.
  test.runIf(engine === "postgres")(
    "is refused within a second also while many ask with keys that nobody has",
    async () => {
      const database = await open();
      const served = await keyedEstate(database);
      const key = await minted(database, "flooded");
      expect(await statusOf(served, key)).toBe(200);
      let isFlooding = true;
      const refused = async () => {
        while (isFlooding) expect(await statusOf(served, makeKeyText())).toBe(401);
      };
      const flood = Promise.all(Array.from({ length: 100 }, refused));
      try {
        await setTimeout(300);
        const took = await refusedAfter(served, key, () => revoke(database, key));
        // A second, and what the requests before it take on a machine that also asks.
        expect(took).toBeLessThan(3_000);
      } finally {
        isFlooding = false;
        await flood;
      }
    },
  );

  // Slow rather than many: what an exchange writes takes as long as many that wait for each other.
  test.runIf(engine === "postgres")(
    "is refused within a second also while many keys are exchanged for tokens",
    async () => {
      const database = await open();
      const served = await keyedEstate(database);
      const key = await minted(database, "flooded");
      expect(await statusOf(served, key)).toBe(200);
      // Beside the server's connections, which may all be taken.
      const byHand = new pg.Pool({ connectionString: urls.get(database) });
      await byHand.query(`
        create function public.dawdle() returns trigger language plpgsql as
          $$ begin perform pg_sleep(3); return new; end $$;
        create trigger dawdle before insert on tenantry.access_event
          for each row when (new.event = 'exchanged') execute function public.dawdle()`);
      try {
        const flood = Promise.all(Array.from({ length: 10 }, () => tokenFor(served, served.keys.hooli)));
        await setTimeout(200);
        const took = await refusedAfter(served, key, () => revoke({ pool: byHand }, key));
        // A second, and what the machine does besides.
        expect(took).toBeLessThan(1_500);
        await byHand.query(
          "create or replace function public.dawdle() returns trigger language plpgsql as 'begin return new; end'",
        );
        await flood;
      } finally {
        await byHand.query("drop function public.dawdle() cascade");
        await byHand.end();
      }
    },
  );

  test("has others told to come again while a thousand unknown ones are looked up, and answers those", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const answers = await Promise.all(
      Array.from({ length: 1_200 }, () => get(served, "/v1/key", bearer(makeKeyText()))),
    );
    const refused = answers.filter(({ status }) => status === 401);
    const [busy, ...others] = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThanOrEqual(1_003);
    expect(refused.length + others.length + 1).toBe(1_200);
    expect(busy?.headers["retry-after"]).toBe("1");
    expect(busy?.body.type).toBe("urn:tenantry:problem:busy");
    expect(await statusOf(served, served.keys.hooli)).toBe(200);
  });

  test.runIf(engine === "postgres")(
    "that was good before is looked up while more unknown ones wait than there are turns for, and so is its token",
    async () => {
      const database = await open();
      const served = await keyedEstate(database);
      const key = served.keys.hooli;
      const token = await tokenFor(served, key);
      expect(await statusOf(served, key)).toBe(200);
      const byHand = new pg.Client(urls.get(database));
      await byHand.connect();
      try {
        // Has the server forget all keys; then nobody's is found until this is over.
        await byHand.query("update tenantry.key_state set version = version + 1");
        await setTimeout(1_000);
        await byHand.query("begin; lock table tenantry.service_key in access exclusive mode");
        const strangers = Array.from({ length: 1_003 }, () => statusOf(served, makeKeyText()));
        await expect.poll(() => statusOf(served, makeKeyText()), { timeout: 5_000 }).toBe(503);
        const regulars = [statusOf(served, key), statusOf(served, token)];
        await setTimeout(100);
        await byHand.query("rollback");
        expect(await Promise.all(regulars)).toEqual([200, 200]);
        expect(new Set(await Promise.all(strangers))).toEqual(new Set([401]));
      } finally {
        await byHand.end();
      }
    },
  );

  test("is looked up once for many requests, and what is mistyped never; both for a minute at most", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    // The server has seen by then that keys were minted, and forgets none any more.
    await setTimeout(1_000);
    const lookups = countLookups(database);
    const key = served.keys.hooli;
    await Promise.all(Array.from({ length: 20 }, () => statusOf(served, key)));
    for (let times = 0; times < 20; times++) await statusOf(served, key);
    expect(lookups()).toBe(1);
    served.clock.now += 60_000;
    expect(await statusOf(served, key)).toBe(200);
    expect(lookups()).toBe(2);
    const unknown = { text: makeKeyText().text };
    for (let times = 0; times < 20; times++) expect(await statusOf(served, unknown)).toBe(401);
    expect(lookups()).toBe(3);
    for (const text of [`${key.text.slice(0, -1)}_`, "fl_", "eyJhbGciOiJub25lIn0.e30.", "x".repeat(8_000)])
      expect(await statusOf(served, { text })).toBe(401);
    expect(lookups()).toBe(3);
  });

  test("is written down with each token that it was given, and with what it was refused", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const { hooli, edge } = served.keys;
    await tokenFor(served, hooli);
    await tokenFor(served, edge);
    const token = await tokenFor(served, edge);
    for (let times = 0; times < 3; times++) await get(served, "/v1/orgs/umbra/config", bearer(hooli));
    for (let times = 0; times < 2; times++) await statusOf(served, { text: makeKeyText().text });
    await statusOf(served, { text: "nothing" });
    const two = { ...bearer(hooli), "x-api-key": edge.text };
    expect((await get(served, "/v1/key", two)).status).toBe(400);
    expect((await post(served, "/v1/token", {}, two)).status).toBe(400);
    await statusOf(served, { text: "eyJhbGciOiJub25lIn0.e30.x" });
    await revoke(database, edge);
    await expect.poll(() => statusOf(served, token), { timeout: 5_000 }).toBe(401);
    await statusOf(served, edge);
    const events = async () => {
      const { rows } = await database.pool.query(
        `select event, reason, key_id, key_name, sum(count)::int as count from tenantry.access_event
         where event in ('exchanged', 'refused') group by 1, 2, 3, 4 order by 1, 2, 3`,
      );
      return rows;
    };
    const refused = { event: "refused", key_id: null, key_name: null };
    await expect.poll(events, { timeout: 5_000 }).toEqual([
      ...[
        { event: "exchanged", reason: null, key_id: hooli.id, key_name: "app", count: 1 },
        { event: "exchanged", reason: null, key_id: edge.id, key_name: "edge", count: 2 },
      ].sort((a, b) => (a.key_id < b.key_id ? -1 : 1)),
      { ...refused, reason: "bad-token", count: 1 },
      { ...refused, reason: "ended-key", key_id: edge.id, key_name: "edge", count: expect.any(Number) },
      { ...refused, reason: "malformed", count: 3 },
      { ...refused, reason: "unknown-key", count: 2 },
      { event: "refused", reason: "wrong-org", key_id: hooli.id, key_name: "app", count: 3 },
    ]);
  });

  test("gives no token that is not written down", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    await statusOf(served, served.keys.hooli);
    await database.pool.query(
      "alter table tenantry.access_event add constraint h_full check (event <> 'exchanged')",
    );
    try {
      const { status, text } = await post(served, "/v1/token", {}, bearer(served.keys.hooli));
      expect(status).toBe(500);
      expect(text).not.toContain("eyJ");
    } finally {
      await database.pool.query("alter table tenantry.access_event drop constraint h_full");
    }
  });

  test("gives tokens that every server over the database takes", async () => {
    const database = await open();
    const first = await keyedEstate(database);
    const second = { ...(await serveEstate(database, { auth: true })), keys: first.keys };
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const token = await tokenFor(one, first.keys.edge);
      expect(await statusOf(other, token)).toBe(200);
    }
    const { rows } = await database.pool.query("select count(*)::int as count from tenantry.signing_key");
    expect(rows).toEqual([{ count: 1 }]);
  });
});
