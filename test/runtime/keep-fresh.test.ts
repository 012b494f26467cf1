import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { type FreshnessNews, type FreshnessOptions, keepFresh } from "../../src/runtime/keep-fresh.ts";
import { type LiveEstate, openLiveEstate } from "../../src/runtime/live-estate.ts";
import { eachEngine, urls } from "../engines.ts";
import { fill, rename, renameUnseen } from "./filled-estate.ts";
import { type SwallowingProxy, startSwallowingProxy } from "./swallowing-proxy.ts";

/** Long enough for a slow machine; what is waited for comes much sooner. */
const patient = { timeout: 20_000, interval: 5 };
/** Never, as far as a test is concerned. */
const never = 3_600_000;

eachEngine("an estate kept fresh", (open, engine) => {
  it("sees what was committed by looking", async () => {
    const database = await open();
    await fill(database, 2);
    const estate = await openLiveEstate(database);
    const keeping = keepFresh(database, estate, { every: 20 });
    await rename(database, "org-1", "name 1");
    await shows(estate, "org-1", "name 1");
    await keeping.end();
    expect(keeping.status()).toMatchObject({ trouble: null, failures: 0, reconnects: 0 });
    if (engine === "pglite") expect(keeping.status().mode).toBe("polling");
  });

  it("tells of an outage once, and of its end", async () => {
    const database = await open();
    await fill(database, 2);
    const estate = await openLiveEstate(database);
    const { news, keeping } = kept(database, estate, { every: 10 });
    await database.pool.query("alter table tenantry.estate rename to away");
    await vi.waitFor(() => expect(keeping.status().failures).toBeGreaterThan(3), patient);
    expect(keeping.status().trouble).toMatchObject({ code: "42P01" });
    await database.pool.query("alter table tenantry.away rename to estate");
    await vi.waitFor(() => expect(keeping.status().trouble).toBeNull(), patient);
    expect(news.filter((kind) => kind !== "listening")).toEqual(["trouble", "recovered"]);
  });

  it("tells where another estate stands in its place", async () => {
    const database = await open();
    const estate = await openLiveEstate(database);
    const { news } = kept(database, estate, { every: 10 });
    await database.pool.query("update tenantry.estate set epoch = gen_random_uuid()");
    await vi.waitFor(() => expect(news).toContain("other-estate"), patient);
  });

  // PGlite runs in the same process: there is no line that could break.
  if (engine === "pglite") return;

  let direct: Database;
  let proxy: SwallowingProxy;
  let proxied: Database;
  let estate: LiveEstate;
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  beforeEach(async () => {
    process.on("unhandledRejection", note);
    direct = await open();
    await fill(direct, 3);
    proxy = await startSwallowingProxy(urls.get(direct) as string);
    proxied = await openDatabase({ url: proxy.url, rolePrefix: direct.rolePrefix, patience: 300 });
    estate = await openLiveEstate(proxied);
  });
  afterEach(async () => {
    await proxied.close();
    await proxy.close();
    process.off("unhandledRejection", note);
    expect(unhandled.splice(0)).toEqual([]);
  });

  it("is told of each commit, and makes few looks of many", async () => {
    const { keeping, isListening } = kept(proxied, estate, { every: never });
    await isListening();
    await rename(direct, "org-1", "name 1");
    await shows(estate, "org-1", "name 1");
    const { looks } = keeping.status();
    await direct.pool.query("select pg_notify('tenantry', i::text) from generate_series(1, 1000) i");
    await rename(direct, "org-1", "name 2");
    await shows(estate, "org-1", "name 2");
    expect(keeping.status().looks - looks).toBeLessThan(20);
  });

  it.each(["cut", "ended by the server"])(
    "listens again where its connection was %s, and reads everything",
    async (how) => {
      const { keeping, isListening, news } = kept(proxied, estate, { every: never });
      await isListening();
      await renameUnseen(direct, "org-2", "unseen");
      await rename(direct, "org-1", "before");
      await shows(estate, "org-1", "before");
      expect(estate.org("org-2")).toMatchObject({ name: "name 0" });
      if (how === "cut") proxy.cutListener();
      else
        await direct.pool.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%(listening)'",
        );
      await vi.waitFor(
        () => expect(keeping.status()).toMatchObject({ mode: "listening", reconnects: 1 }),
        patient,
      );
      await rename(direct, "org-1", "after");
      await shows(estate, "org-1", "after");
      await shows(estate, "org-2", "unseen");
      expect(news).toEqual(["listening", "polling", "listening"]);
    },
  );

  it("finds changes by looking while the line of its listener swallows everything, and listens again", async () => {
    const { keeping, isListening } = kept(proxied, estate, { every: 50 });
    await isListening();
    proxy.swallow = "the listener's";
    await rename(direct, "org-1", "in the dark");
    await shows(estate, "org-1", "in the dark");
    await vi.waitFor(() => expect(keeping.status().mode).toBe("polling"), patient);
    proxy.swallow = "nobody's";
    await isListening();
    expect(keeping.status()).toMatchObject({ trouble: null, failures: 0 });
  });

  it("knows how old it is while everything is swallowed, and loses nothing", async () => {
    const { keeping, isListening } = kept(proxied, estate, { every: 50 });
    await isListening();
    proxy.swallow = "everybody's";
    const swallowedAt = Date.now();
    await rename(direct, "org-1", "in the dark");
    await vi.waitFor(() => expect(keeping.status()).toMatchObject({ mode: "polling", failures: 2 }), patient);
    expect(estate.org("org-1")).toMatchObject({ name: "name 0" });
    expect(estate.state().seenAt).toBeLessThanOrEqual(swallowedAt);
    expect(keeping.status().trouble?.message).toMatch(/time/i);
    proxy.swallow = "nobody's";
    await shows(estate, "org-1", "in the dark");
    await vi.waitFor(() => expect(estate.state().seenAt).toBeGreaterThan(swallowedAt), patient);
    await isListening();
  });

  it("says that the database does not answer, to who asks for an org that is not held", async () => {
    const few = await openLiveEstate(proxied, { maxOrgs: 1 });
    proxy.swallow = "everybody's";
    await expect(Promise.resolve(few.org("org-3"))).rejects.toMatchObject({ code: "database-unreachable" });
    proxy.swallow = "nobody's";
    await vi.waitFor(async () => expect(await few.org("org-3")).toMatchObject({ name: "name 0" }), patient);
  });

  it("does not keep anybody waiting for it who asks for such an org, whatever the driver waits", async () => {
    const slow = await openDatabase({ url: proxy.url, rolePrefix: direct.rolePrefix, patience: 4_000 });
    onTestFinished(() => slow.close());
    const few = await openLiveEstate(slow, { maxOrgs: 1, patience: 300 });
    await few.org("org-1");
    kept(slow, few, { every: 20 });
    proxy.swallow = "everybody's";
    const begun = performance.now();
    const asked = [few.org("org-2"), few.org("org-3"), few.orgsOfUser("user-1")];
    for (const { status, ...told } of await Promise.allSettled(asked))
      expect([status, told]).toMatchObject(["rejected", { reason: { code: "database-unreachable" } }]);
    // Now that it is known, nobody waits.
    for (let times = 0; times < 20; times++)
      await expect(Promise.resolve(few.org("org-2"))).rejects.toMatchObject({ code: "database-unreachable" });
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(few.org("org-1")).toMatchObject({ name: "name 0" });
    proxy.swallow = "nobody's";
    await vi.waitFor(async () => expect(await few.org("org-2")).toMatchObject({ name: "name 0" }), patient);
  });

  it("ends promptly while everything is swallowed", async () => {
    const slow = await openDatabase({ url: proxy.url, rolePrefix: direct.rolePrefix, patience: never });
    const estate = await openLiveEstate(slow);
    const { keeping, isListening } = kept(slow, estate, { every: 20, heartbeat: 20, patience: never });
    await isListening();
    proxy.swallow = "everybody's";
    const hanging = estate.refresh().catch((error: Error) => error);
    await vi.waitFor(() => expect(slow.pool.idleCount).toBe(0), patient);
    const began = performance.now();
    await keeping.end();
    await slow.close();
    expect(await hanging).toBeInstanceOf(Error);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("goes on after the server ended every connection", async () => {
    const { keeping, isListening } = kept(proxied, estate, { every: 50 });
    await isListening();
    await direct.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await rename(direct, "org-1", "after");
    await shows(estate, "org-1", "after");
    await vi.waitFor(
      () => expect(keeping.status()).toMatchObject({ mode: "listening", trouble: null }),
      patient,
    );
  });
});

async function shows(estate: LiveEstate, slug: string, name: string): Promise<void> {
  await vi.waitFor(() => expect(estate.org(slug)).toMatchObject({ name }), patient);
}

/** Kept fresh until the test is over. */
function kept(database: Database, estate: LiveEstate, options: FreshnessOptions) {
  const news: FreshnessNews["kind"][] = [];
  const keeping = keepFresh(database, estate, {
    heartbeat: 100,
    patience: 300,
    ...options,
    onNews: ({ kind }) => news.push(kind),
  });
  onTestFinished(() => keeping.end());
  const isListening = () => vi.waitFor(() => expect(keeping.status().mode).toBe("listening"), patient);
  return { keeping, news, isListening };
}
