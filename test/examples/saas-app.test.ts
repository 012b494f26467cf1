import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OrdersApp, ordersOnPglite, ordersOnPostgres } from "./orders-app.ts";

const readme = readFileSync(join(import.meta.dirname, "../../examples/saas-app/README.md"), "utf8");
const engines = { PostgreSQL: ordersOnPostgres, PGlite: ordersOnPglite };

describe.each(Object.entries(engines))("the example app, on %s", (engine, open) => {
  let app: OrdersApp;
  beforeAll(async () => {
    app = await open();
  }, 120_000);
  afterAll(() => app?.remove());

  async function ask(user: string, path: string, order?: object | "nothing") {
    const response = await fetch(`${app.url}/orgs/${path}`, {
      headers: { "x-user": user, ...(order ? { "content-type": "application/json" } : {}) },
      ...(order ? { method: "POST", body: JSON.stringify(order === "nothing" ? {} : order) } : {}),
    });
    // biome-ignore lint/suspicious/noExplicitAny: whatever the app answers is looked at by what is expected of it.
    return { status: response.status, body: (await response.json()) as any };
  }
  const place = (user: string, org: string, item = "a chair") => ask(user, `${org}/orders`, { item });
  const ship = (user: string, org: string, id: string) => ask(user, `${org}/orders/${id}/ship`, "nothing");
  const [ana, bo, kim] = ["ana@acme.example", "bo@acme.example", "kim@globex.example"];

  async function openOrders(user: string, org: string): Promise<readonly { id: string; item: string }[]> {
    const { body } = await ask(user, `${org}/orders`);
    return body.filter(({ isShipped }: { isShipped: boolean }) => !isShipped);
  }
  const shipAll = async () => {
    for (const { id } of await openOrders(ana, "acme"))
      expect(await ship(ana, "acme", id)).toMatchObject({ status: 200, body: { isShipped: true } });
  };

  test("lets somebody place orders once the manifest says so, without a restart", async () => {
    expect(await ask(bo, "acme/orders")).toEqual({ status: 200, body: [] });
    const { status, body } = await place(bo, "acme");
    expect(status).toBe(403);
    expect(readme).toContain(JSON.stringify(body));
    app.edit("acme", "bo@acme.example: viewer", "bo@acme.example: clerk");
    await expect.poll(async () => (await place(bo, "acme")).status, soon).toBe(201);
    app.edit("acme", "bo@acme.example: clerk", "bo@acme.example: viewer");
    await expect.poll(async () => (await ship(bo, "acme", crypto.randomUUID())).status, soon).toBe(403);
    await shipAll();
    expect(app.isTheSame()).toBe(true);
  });

  test("takes cards once the manifest turns the flag on, without a restart", async () => {
    const payment = async () => {
      const { status, body } = await place(ana, "acme");
      expect(status).toBe(201);
      await ship(ana, "acme", body.id);
      return body.payment;
    };
    expect(await payment()).toBe("invoice");
    app.edit("acme", "name: Acme", "name: Acme\nflags: { new_checkout: true }");
    await expect.poll(payment, soon).toBe("card");
    app.edit("acme", "new_checkout: true", "new_checkout: false");
    await expect.poll(payment, soon).toBe("invoice");
    expect(app.isTheSame()).toBe(true);
  });

  test("takes as many orders as the manifest allows, without a restart", async () => {
    const atOnce = await Promise.all(Array.from({ length: 12 }, () => place(ana, "acme")));
    expect(atOnce.map(({ status }) => status).sort()).toEqual([201, 201, 201, ...Array(9).fill(409)]);
    expect(await place(ana, "acme")).toEqual({
      status: 409,
      body: {
        type: "urn:orders:problem:too-many-open-orders",
        status: 409,
        title: "The plan allows no more open orders",
        detail: "3 may be open at once. Ship one, or change the plan.",
        limit: 3,
      },
    });
    app.edit("acme", "name: Acme", "name: Acme\nentitlements: { open_orders: 4 }");
    await expect.poll(async () => (await place(ana, "acme")).status, soon).toBe(201);
    expect(await place(ana, "acme")).toMatchObject({ status: 409, body: { limit: 4 } });
    await shipAll();
    expect((await place(ana, "acme")).status).toBe(201);
    await shipAll();
    expect(app.isTheSame()).toBe(true);
  });

  test("shows and gives nobody another org's orders, though no statement names an org", async () => {
    const theirs = (await place(ana, "acme", "a secret desk")).body;
    const ours = (await place(kim, "globex", "a lamp")).body;
    expect([theirs.payment, ours.payment]).toEqual(["invoice", "card"]);
    const all = await app.query?.("select from app.orders where shipped_at is null");
    expect(all?.length ?? 2).toBe(2);
    // The handlers ask for all rows, and for one by its id alone.
    expect(await ask(kim, "globex/orders")).toEqual({ status: 200, body: [ours] });
    expect(await ship(kim, "globex", theirs.id)).toMatchObject({
      status: 404,
      body: { type: "urn:orders:problem:unknown-order" },
    });
    expect(await openOrders(ana, "acme")).toEqual([theirs]);
    // Nor by the other org's address.
    const unknown = await ask(kim, "initech/orders");
    expect(unknown.status).toBe(404);
    expect(await ask(kim, "acme/orders")).toEqual(unknown);
    expect(await place(kim, "acme")).toEqual(unknown);
    expect(await ship(kim, "acme", theirs.id)).toEqual(unknown);
    await shipAll();
  });

  test("refuses what it cannot take, and who says nobody", async () => {
    expect((await ask("", "acme/orders")).status).toBe(401);
    for (const order of [{}, { item: "" }, { item: null }, { item: "\0" }])
      expect((await ask(ana, "acme/orders", order)).status).toBe(400);
    expect((await ship(ana, "acme", "nothing")).status).toBe(400);
    expect(await openOrders(ana, "acme")).toEqual([]);
  });

  test("ends well, and leaves a database in which the doctor finds nothing", async () => {
    expect(await app.end()).toBe(0);
    // Which server the tests have is not the app's.
    const { exitCode, out } = app.tenantry("doctor", "--json", "--accept", "server-version");
    const { findings, unseen, login } = JSON.parse(out);
    expect(findings.filter(({ severity }: { severity: string }) => severity !== "note")).toEqual([]);
    expect({ exitCode, unseen }).toEqual({ exitCode: 0, unseen: [] });
    // What else is noted depends on the version, and the README does not say that there is nothing.
    const ids = findings.map(({ id }: { id: string }) => id);
    const [onPglite = "", onPostgres = ""] = readme.split("## On PostgreSQL");
    const [, told] = /\snote\s`([\w-]+)`/.exec(engine === "PGlite" ? onPglite : onPostgres) ?? [];
    expect(ids).toContain(told);
    expect(login).toBe(engine === "PGlite" ? "postgres" : "orders");
    const { tables } = JSON.parse(app.tenantry("isolate", "app.orders", "--json").out);
    expect(tables).toMatchObject([{ table: "app.orders", steps: [] }]);
  });
});

const soon = { timeout: 15_000, interval: 100 };
