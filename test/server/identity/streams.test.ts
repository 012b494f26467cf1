import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { rotateKey } from "../../../src/identity/rotate-key.ts";
import { eachEngine } from "../../engines.ts";
import { openStream } from "../ofrep/event-source.ts";
import { bearer, keyedEstate, orgFile } from "./keyed-estate.ts";

eachEngine("a stream of events", (open) => {
  test("ends within a second of its key, however that ends, and no other does", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const base = await served.app.listen({ port: 0, host: "127.0.0.1" });
    const { edge, hooli, umbra } = served.keys;
    const ofEdge = await hear(`${base}/v1/orgs/hooli/ofrep/v1/events`, edge);
    const ofHooli = await hear(`${base}/ofrep/v1/events`, hooli);
    const ofUmbra = await hear(`${base}/ofrep/v1/events`, umbra);
    expect((await openStream(`${base}/v1/orgs/umbra/ofrep/v1/events`, bearer(hooli))).statusCode).toBe(404);

    await database.pool.query("update tenantry.org_key set revoked_at = now() where id = $1", [hooli.id]);
    expect(await endedAfter(ofHooli)).toBeLessThan(1_000);
    await served.apply({ "orgs/umbra.yaml": "apiVersion: tenantry/v1\norg: umbra\napi_keys: {}\n" });
    await served.estate.refresh();
    expect(await endedAfter(ofUmbra)).toBeLessThan(1_000);
    expect(ofEdge.hasEnded()).toBe(false);

    await served.apply(
      orgFile("umbra", "flags: { new_dashboard: true }\n") as Readonly<Record<string, string>>,
    );
    await served.estate.refresh();
    const again = await hear(`${base}/ofrep/v1/events`, umbra);
    expect(again.response.statusCode).toBe(200);
    expect(ofEdge.hasEnded()).toBe(false);
    await database.pool.query("delete from tenantry.service_key");
    expect(await endedAfter(ofEdge)).toBeLessThan(1_000);
    expect(again.hasEnded()).toBe(false);
    again.response.destroy();
  });

  test("ends with the time of its key", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const base = await served.app.listen({ port: 0, host: "127.0.0.1" });
    const until = new Date(Math.max(served.clock.now, Date.now()) + 3_600_000);
    await database.pool.query("update tenantry.service_key set expires = $1", [until]);
    const heard = await hear(`${base}/v1/orgs/hooli/ofrep/v1/events`, served.keys.edge);
    served.clock.now = until.getTime() + 1;
    expect(await endedAfter(heard)).toBeLessThan(1_000);
  });

  test("ends with a time that its key was only given while it was open, as by a rotation", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const base = await served.app.listen({ port: 0, host: "127.0.0.1" });
    const { edge, hooli } = served.keys;
    const ofEdge = await hear(`${base}/v1/orgs/hooli/ofrep/v1/events`, edge);
    const ofHooli = await hear(`${base}/ofrep/v1/events`, hooli);
    const now = Math.max(served.clock.now, Date.now());
    const grace = 3_600_000;
    const rotated = await rotateKey(database, { kind: "service", name: "edge" }, { actor: "dora", grace });
    expect(rotated).toMatchObject({ ending: [edge.id] });
    // Longer than it takes to be seen.
    await wait(1_000);
    expect(ofEdge.hasEnded()).toBe(false);
    served.clock.now = now + grace + 60_000;
    expect(await endedAfter(ofEdge)).toBeLessThan(1_000);
    expect(ofHooli.hasEnded()).toBe(false);
    ofHooli.response.destroy();
  });

  test("ends once the database can say that its key works no more", async () => {
    const database = await open();
    const served = await keyedEstate(database);
    const base = await served.app.listen({ port: 0, host: "127.0.0.1" });
    const heard = await hear(`${base}/v1/orgs/hooli/ofrep/v1/events`, served.keys.edge);
    await database.pool.query(
      "begin; update tenantry.service_key set revoked_at = now(); alter table tenantry.service_key rename to kept; commit",
    );
    await wait(1_500);
    expect(heard.hasEnded()).toBe(false);
    await database.pool.query("alter table tenantry.kept rename to service_key");
    expect(await endedAfter(heard)).toBeLessThan(1_000);
  });
});

interface Heard {
  readonly response: IncomingMessage;
  readonly ended: Promise<unknown>;
  readonly hasEnded: () => boolean;
}

async function hear(url: string, key: { readonly text: string }): Promise<Heard> {
  const response = await openStream(url, bearer(key));
  expect(response.statusCode).toBe(200);
  response.resume();
  let hasEnded = false;
  const ended = once(response, "close").then(() => {
    hasEnded = true;
  });
  return { response, ended, hasEnded: () => hasEnded };
}

async function endedAfter({ ended }: Heard): Promise<number> {
  const begun = performance.now();
  await ended;
  return performance.now() - begun;
}
