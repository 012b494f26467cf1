import { expect, it, onTestFinished, vi } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { listen } from "../../src/database/listen.ts";
import { eachEngine, urls } from "../engines.ts";
import { startSwallowingProxy } from "../runtime/swallowing-proxy.ts";

eachEngine("listening", (open, engine) => {
  // PGlite has one session: who would tell it?
  if (engine === "pglite") {
    it.skip("is of no use");
    return;
  }

  it("tells of every commit, under a name that an operator recognises", async () => {
    const database = await open();
    const { notices, stop, ended } = await listening(database);
    await database.pool.query(
      "insert into tenantry.org (org_id, id, slug) select id, id, 'acme' from gen_random_uuid() id",
    );
    await vi.waitFor(() => expect(notices()).toBe(1), { timeout: 10_000 });
    const { rows } = await database.pool.query(
      "select count(*)::int from pg_stat_activity where application_name = 'tenantry (listening)' and datname = current_database()",
    );
    expect(rows).toEqual([{ count: 1 }]);
    stop();
    await expect(ended).resolves.toBeUndefined();
  });

  it("ends with what ended its connection", async () => {
    const database = await open();
    const { ended } = await listening(database);
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%(listening)'",
    );
    await expect(ended).rejects.toMatchObject({ code: "57P01" });
  });

  it("ends where its line swallows everything, and at once where it is told to", async () => {
    const database = await open();
    const proxy = await startSwallowingProxy(urls.get(database) as string);
    const proxied = await openDatabase({ url: proxy.url, rolePrefix: database.rolePrefix });
    onTestFinished(async () => {
      await proxied.close();
      await proxy.close();
    });
    const lost = await listening(proxied);
    const told = await listening(proxied, 3_600_000);
    proxy.swallow = "everybody's";
    await expect(lost.ended).rejects.toThrow(/timeout/);
    const began = performance.now();
    told.stop();
    await told.ended;
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("notices that what stands between has dropped its LISTEN", async () => {
    const database = await open();
    const proxy = await startSwallowingProxy(urls.get(database) as string);
    // As a pooler in transaction mode: the statement is answered, and nobody listens.
    proxy.rewrite = (packet) =>
      Buffer.from(packet.toString("latin1").replace('listen "tenantry"', "listen   elsewher"), "latin1");
    const proxied = await openDatabase({ url: proxy.url, rolePrefix: database.rolePrefix });
    onTestFinished(async () => {
      await proxied.close();
      await proxy.close();
    });
    await expect(listening(proxied)).rejects.toMatchObject({ code: "not-listening" });
  });
});

/** Resolves once it listens; rejects where that cannot be. */
async function listening(database: Database, heartbeat = 50) {
  const stop = new AbortController();
  let notices = 0;
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    ended = listen(database, {
      signal: stop.signal,
      heartbeat,
      patience: 300,
      onListening: resolve,
      onNotice: () => notices++,
    });
    ended.catch(reject);
  });
  onTestFinished(() => stop.abort());
  return { ended, notices: () => notices, stop: () => stop.abort() };
}
