import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
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
