import type { IncomingMessage } from "node:http";
import { setImmediate } from "node:timers/promises";
import Fastify from "fastify";
import { expect, onTestFinished, test, vi } from "vitest";
import { type EstateChange, openLiveEstate } from "../../../src/runtime/live-estate.ts";
import { makeDecisionTally } from "../../../src/server/decision-tally.ts";
import type { StreamLimits } from "../../../src/server/ofrep/event-streams.ts";
import { positionText } from "../../../src/server/ofrep/position.ts";
import { ofrep } from "../../../src/server/ofrep.ts";
import { eachEngine } from "../../engines.ts";
import type { ServedEstate } from "../serve-estate.ts";
import { openStream, readEvents, type Said } from "./event-source.ts";
import { acme, globex, listen, serveFlags } from "./flag-estate.ts";
import { expectShape } from "./protocol.ts";

interface Stream {
  readonly response: IncomingMessage;
  readonly said: Said[];
  readonly events: () => Said[];
  /** Resolves when the server ends it. */
  readonly ended: Promise<unknown>;
}

async function hear(base: string, asked: { since?: string; lastEventId?: string } = {}): Promise<Stream> {
  const response = await openStream(
    `${base}/ofrep/v1/events${asked.since ? `?since=${asked.since}` : ""}`,
    asked.lastEventId ? { "last-event-id": asked.lastEventId } : {},
  );
  onTestFinished(() => void response.destroy());
  const said: Said[] = [];
  const read = async () => {
    for await (const each of readEvents(response)) said.push(each);
  };
  const ended = read().catch(() => {});
  return { response, said, events: () => said.filter(({ data }) => data !== undefined), ended };
}

/** Another server over the same estate, with other limits, and a way to say that something changed. */
async function serveAlso({ estate, clock }: ServedEstate, limits: Partial<StreamLimits>) {
  const app = Fastify();
  const listeners = new Set<(change: EstateChange) => void>();
  const heard = {
    ...estate,
    onChange: (listener: (change: EstateChange) => void) => {
      listeners.add(listener);
      const end = estate.onChange(listener);
      return () => {
        listeners.delete(listener);
        end();
      };
    },
  };
  const serving = {
    estate: heard,
    authenticator: null,
    clock: () => clock.now,
    maxStale: 60_000,
    origin: "https://x.example/flags",
  };
  app.decorateRequest("caller", null);
  ofrep(
    app,
    { ...serving, decisions: makeDecisionTally() },
    { max: 10, maxOfOrg: 10, heartbeat: 60_000, ...limits },
  );
  onTestFinished(() => app.close());
  const change = () => {
    for (const listener of listeners) listener({ revision: estate.state().revision, slugs: null });
  };
  return { app, base: await listen({ app }), change, listeners };
}

eachEngine("events of flags", (open) => {
  test("one is sent when the org changed, none when another did", async () => {
    const served = await serveFlags(await open());
    const base = await listen(served);
    const [here, there] = [await hear(base), await hear(base.replace("acme", "globex"))];
    expect(here.response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(here.response.headers["tenantry-revision"]).toBe("1");
    await served.apply({ "orgs/acme.yaml": acme("flags: { new_dashboard: true }\n") });
    await served.estate.refresh();
    await vi.waitFor(() => expect(here.events()).toHaveLength(1));
    const [event] = here.events();
    const etag = positionText(served.estate.state(), served.clock.now);
    expect(etag).toMatch(/^[\w-]{36}\.2\.[a-z\d]+-\d+\.\d+$/);
    expect(event).toMatchObject({ id: etag, event: "message" });
    expectShape("sseEvent", event);
    const data = JSON.parse(event?.data as string);
    expectShape("sseEventData", data);
    expect(data).toEqual({ type: "refetchEvaluation", etag, lastModified: served.clock.now / 1_000 });
    await served.apply({ "orgs/globex.yaml": globex("flags: { new_dashboard: true }\n") });
    await served.estate.refresh();
    await vi.waitFor(() => expect(there.events()).toHaveLength(1));
    expect(here.events()).toHaveLength(1);
  });

  test("a stream goes on where it broke off", async () => {
    const served = await serveFlags(await open());
    const base = await listen(served);
    const before = served.estate.state();
    const { epoch } = before;
    const first = await hear(base, { since: positionText(before) });
    await vi.waitFor(() => expect(first.said).toHaveLength(1));
    const [{ id: seen = "", retry } = {}] = first.said;
    expect([seen, Number(retry)]).toEqual([positionText(before, served.clock.now), expect.any(Number)]);
    first.response.destroy();
    await served.apply({ "orgs/acme.yaml": acme("flags: { new_dashboard: true }\n") });
    await served.estate.refresh();
    const now = served.estate.state();
    const behind = [
      { lastEventId: seen },
      { since: positionText(before) },
      { lastEventId: "of another server", since: positionText(now) },
      { since: positionText({ ...now, epoch: "another-epoch" }) },
      { since: positionText({ ...now, taken: "another-1" }) },
      // As servers told before they said what they took in.
      { since: `${epoch}.2` },
      { lastEventId: `${epoch}.2.${served.clock.now}` },
    ];
    for (const asked of behind) {
      const stream = await hear(base, asked);
      await vi.waitFor(() => expect(stream.events(), JSON.stringify(asked)).toHaveLength(1));
      expect(stream.events()[0]?.id).toBe(positionText(now, served.clock.now));
      stream.response.destroy();
    }
    const current = [{}, { since: positionText(now) }, { lastEventId: positionText(now, served.clock.now) }];
    for (const asked of current) {
      const stream = await hear(base, asked);
      await vi.waitFor(() => expect(stream.said).toHaveLength(1));
      expect(stream.events()).toEqual([]);
      stream.response.destroy();
    }
  });

  test("a stream that goes on hears of what was written by hand meanwhile, at the same revision", async () => {
    const database = await open();
    const served = await serveFlags(database);
    const base = await listen(served);
    const first = await hear(base);
    await vi.waitFor(() => expect(first.said).toHaveLength(1));
    const lastEventId = first.said[0]?.id as string;
    first.response.destroy();
    await database.pool.query("update tenantry.member set status = 'suspended' where status is not null");
    await served.estate.refresh();
    expect(served.estate.state().revision).toBe(1);
    const stream = await hear(base, { lastEventId });
    await vi.waitFor(() => expect(stream.events()).toHaveLength(1));
    const again = await hear(base, { lastEventId: stream.events()[0]?.id as string });
    await vi.waitFor(() => expect(again.said).toHaveLength(1));
    expect(again.events()).toEqual([]);
    // Another server may have begun after a change, and so never have seen one.
    const other = { ...served, estate: await openLiveEstate(database, { clock: () => served.clock.now }) };
    const elsewhere = await hear((await serveAlso(other, {})).base, { lastEventId });
    await vi.waitFor(() => expect(elsewhere.events()).toHaveLength(1));
  });

  test("one is sent when time alone changed a flag, also to whoever was away", async () => {
    const served = await serveFlags(await open(), {
      acme: "flags: { new_dashboard: { value: true, until: 2026-11-20T09:01Z } }\n",
    });
    const base = await listen(served);
    served.clock.now += 59_950;
    const stream = await hear(base);
    await vi.waitFor(() => expect(stream.said).toHaveLength(1));
    expect(stream.events()).toEqual([]);
    const [{ id: seen = "" } = {}] = stream.said;
    served.clock.now += 60;
    await vi.waitFor(() => expect(stream.events()).toHaveLength(1));
    const later = await hear(base, { lastEventId: seen });
    await vi.waitFor(() => expect(later.events()).toHaveLength(1));
    const again = await hear(base, { lastEventId: later.events()[0]?.id as string });
    await vi.waitFor(() => expect(again.said).toHaveLength(1));
    expect(again.events()).toEqual([]);
  });

  test("something is said while nothing happens, with where the client stands", async () => {
    const served = await serveFlags(await open());
    const { base } = await serveAlso(served, { heartbeat: 10 });
    const { said, events } = await hear(base);
    await vi.waitFor(() => expect(said.length).toBeGreaterThan(3));
    expect(events()).toEqual([]);
    expect(new Set(said.map(({ id }) => id))).toEqual(
      new Set([positionText(served.estate.state(), served.clock.now)]),
    );
  });

  test("a stream too many is refused, until another ends", async () => {
    const { base } = await serveAlso(await serveFlags(await open()), { max: 1 });
    const first = await hear(base);
    const refused = await fetch(`${base}/ofrep/v1/events`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "30"]);
    expect(await refused.json()).toMatchObject({ type: "urn:tenantry:problem:too-many-streams" });
    first.response.destroy();
    await vi.waitFor(async () => {
      const next = await hear(base);
      expect(next.response.statusCode).toBe(200);
    });
  });

  test("whoever does not read is cut off, and nobody else", async () => {
    const { base, change } = await serveAlso(await serveFlags(await open()), { max: 2 });
    const reader = await hear(base);
    const idle = await openStream(`${base}/ofrep/v1/events`);
    await vi.waitFor(() => expect(reader.said).toHaveLength(1));
    const isFull = async () => {
      const next = await openStream(`${base}/ofrep/v1/events`);
      next.destroy();
      return next.statusCode === 503;
    };
    expect(await isFull()).toBe(true);
    // What the system holds for a reader is large, so that it takes many events until one has to wait.
    for (let round = 1; round % 100 > 0 || (await isFull()); round++) {
      for (let count = 0; count < 50; count++) change();
      while (reader.said.length < 1 + round * 50) await setImmediate();
    }
    await expect(async () => {
      for await (const _ of idle);
    }).rejects.toThrow("aborted");
    const heard = reader.said.length;
    change();
    await vi.waitFor(() => expect(reader.said).toHaveLength(heard + 1));
  });

  test("streams end when the server does, and do not hold it up", async () => {
    const { app, base, listeners } = await serveAlso(await serveFlags(await open()), {});
    const streams = [await hear(base), await hear(base), await hear(base.replace("acme", "globex"))];
    // One that nobody reads, and which so would never hang up.
    const idle = await openStream(`${base}/ofrep/v1/events`);
    await app.close();
    expect(idle.complete).toBe(false);
    await Promise.all(streams.map(({ ended }) => ended));
    expect(listeners.size).toBe(0);
  });

  test("streams of an org that is gone end, and are not opened again", async () => {
    const database = await open();
    const served = await serveFlags(database);
    const base = await listen(served);
    const stream = await hear(base.replace("acme", "globex"));
    await database.pool.query("update tenantry.org set slug = 'initech' where slug = 'globex'");
    await served.estate.refresh();
    await stream.ended;
    expect((await fetch(`${base.replace("acme", "globex")}/ofrep/v1/events`)).status).toBe(404);
  });

  test("streams of an org whose name passed to another end, and hear nothing more of either", async () => {
    const database = await open();
    const served = await serveFlags(database);
    const base = (await listen(served)).replace("acme", "globex");
    const stream = await hear(base);
    await database.pool.query(
      `update tenantry.org set slug = case slug when 'globex' then 'initech' else 'globex' end
       where slug in ('globex', 'acme')`,
    );
    await served.estate.refresh();
    await stream.ended;
    const told = stream.events().length;
    const again = await hear(base, { lastEventId: stream.said.at(-1)?.id as string });
    await database.pool.query("update tenantry.org set status = 'suspended' where slug = 'initech'");
    await served.estate.refresh();
    await database.pool.query("update tenantry.org set status = 'suspended' where slug = 'globex'");
    await served.estate.refresh();
    await vi.waitFor(() => expect(again.events()).toHaveLength(1));
    expect(stream.events()).toHaveLength(told);
  });

  test("the address of a stream holds the path by which clients reach the server", async () => {
    const { app } = await serveAlso(await serveFlags(await open()), {});
    const url = "/v1/orgs/acme/ofrep/v1/evaluate/flags";
    const { eventStreams } = (await app.inject({ method: "POST", url, payload: { context: {} } })).json();
    expect(eventStreams[0].endpoint.requestUri).toMatch(
      /^\/flags\/v1\/orgs\/acme\/ofrep\/v1\/events\?since=/,
    );
  });
});
