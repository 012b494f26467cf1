import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { seenEstate } from "../../src/client/seen-estate.ts";
import { eachEngine } from "../engines.ts";
import { clientOf, listeningServer, until } from "./listening-server.ts";

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
