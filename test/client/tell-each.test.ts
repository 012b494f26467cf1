import { once } from "node:events";
import { expect, test } from "vitest";
import { tellEach } from "../../src/client/tell-each.ts";
import { clientOf, until } from "./listening-server.ts";
import { mockServer } from "./mock-server.ts";

const fail = () => {
  throw new Error("no log to write to");
};

test("a listener that throws keeps nobody from an answer, and is warned of", async () => {
  const warned = once(process, "warning");
  let isIll = true;
  const server = mockServer(() => (isIll ? Response.json({}, { status: 500 }) : null));
  const told: string[] = [];
  const client = clientOf({ ...server, org: "acme", cacheFor: 0, onTrouble: fail });
  client.onTrouble(({ kind }) => told.push(kind));
  expect(await client.can("ana", "a")).toBe(false);
  const [warning] = await warned;
  expect(warning).toMatchObject({ name: "TenantryWarning", message: "A listener of a client failed." });
  expect(warning.detail).toMatch(/no log to write to[\s\S]*tell-each\.test\.ts/);
  isIll = false;
  await until(() => told.length > 1);
  expect(told).toEqual(["cut-off", "back"]);
  expect(await client.can("ana", "a")).toBe(true);
});

test("one that fails later is warned of as well, and all are told", async () => {
  const warned = once(process, "warning");
  const told: number[] = [];
  tellEach([async () => fail(), (each) => told.push(each)], 7);
  expect(told).toEqual([7]);
  expect((await warned)[0].detail).toContain("no log to write to");
});
