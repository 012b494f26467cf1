import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { seenEstate } from "../../src/client/seen-estate.ts";
import { eachEngine } from "../engines.ts";
import { clientOf, listeningServer, until } from "./listening-server.ts";
import { mockServer, yes } from "./mock-server.ts";

test("what was seen never goes back, and another estate begins anew, once", () => {
  let later = 0;
  const { note, noteRevision, revision } = seenEstate(() => later++);
  const from = (epoch: string, told: number) =>
    note(new Headers({ "tenantry-epoch": epoch, "tenantry-revision": String(told) }));
  expect([from("a", 5), from("a", 4), from("a", 5), noteRevision("a", 6)]).toEqual([true, false, true, true]);
  expect([revision(), later]).toEqual([6, 2]);
  expect([from("b", 2), revision(), later]).toEqual([true, 2, 3]);
  expect([from("a", 7), revision(), from("b", 1), from("b", 3)]).toEqual([false, 2, false, true]);
  expect(note(new Headers())).toBe(true);
});

test("an epoch that was left is taken up once nobody says another for a minute", () => {
  let now = 0;
  const { noteRevision, revision } = seenEstate(
    () => {},
    () => now,
  );
  const after = (seconds: number, epoch: string, told: number) => {
    now += seconds * 1_000;
    return noteRevision(epoch, told);
  };
  expect([after(0, "a", 7), after(0, "b", 9), after(100, "a", 7)]).toEqual([true, true, false]);
  // Somebody still says the later one: the others only lag behind.
  expect([after(59, "a", 7), after(0, "b", 9), after(2, "a", 7), after(59, "a", 7)]).toEqual([
    false,
    true,
    false,
    false,
  ]);
  expect([after(2, "a", 3), revision(), after(0, "b", 9), after(0, "a", 4)]).toEqual([true, 3, false, true]);
});

test("a client is patient with an estate that it left, and takes it up when it stays", async () => {
  let epoch = "a";
  const server = mockServer(({ path, questions }) =>
    path === "/livez" ? null : yes(questions, { epoch, revision: 2 }),
  );
  const client = clientOf({ ...server, cacheFor: 0, staleFor: 0 });
  const ask = () => client.org("acme").can("ana", "a");
  expect(await ask()).toBe(true);
  epoch = "b";
  expect(await ask()).toBe(true);
  epoch = "a";
  server.asked.length = 0;
  expect(await ask()).toBe(false);
  // Twice, and twice for each of two retries.
  expect(server.asked).toHaveLength(6);
  await until(() => !client.standing().isCutOff);
  await wait(500);
  expect(server.asked).toHaveLength(7);
  const { now } = performance;
  vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + 61_000);
  onTestFinished(() => void vi.restoreAllMocks());
  expect(await ask()).toBe(true);
});

eachEngine("a client whose server", (open) => {
  test("has another estate follows it, although it has fewer revisions", async () => {
    const database = await open();
    const served = await listeningServer(database);
    await database.pool.query("update tenantry.estate set revision = 7");
    await until(() => served.estate.state().revision === 7);
    const client = clientOf({ url: served.url, org: "acme", cacheFor: 0 });
    expect(await client.entitled("sso")).toBe(true);
    expect(client.standing().revision).toBe(7);
    await database.pool.query("update tenantry.estate set revision = 3, epoch = $1", [randomUUID()]);
    await until(() => served.estate.state().revision === 3);
    expect(await client.entitled("sso")).toBe(true);
    expect(client.standing()).toMatchObject({ revision: 3, isCutOff: false });
  });
});
