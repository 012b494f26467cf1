import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { descriptorOf } from "../../src/model/kinds.ts";
import { kindsInOrder } from "../../src/model/order.ts";
import { catalogId } from "../../src/model/state.ts";
import { eachEngine } from "../engines.ts";
import { apply, whole } from "./whole-estate.ts";

eachEngine("the books", (open) => {
  let database: Database;
  let acme: string;
  beforeEach(async () => {
    database = await open();
    await apply(database, whole);
    acme = (await byHand("select org_id from tenantry.org where slug = 'acme'"))[0].org_id;
  });

  async function byHand(statement: string, ...values: unknown[]) {
    return (await database.pool.query(statement, values)).rows;
  }

  async function counters() {
    const actual = await readActual(database);
    return Object.fromEntries(
      [actual.catalog, ...actual.orgs].map(({ org, counter }) => [org ?? "catalog", counter]),
    );
  }

  it("count one for an apply, whatever it wrote", async () => {
    expect(await counters()).toEqual({ catalog: 1, acme: 1, globex: 1 });
    const books = await byHand("select change_counter = applied_counter as applied from tenantry.org_books");
    expect(books).toEqual(Array(3).fill({ applied: true }));
  });

  it("keep what a row was, and who changed it, when somebody edits by hand", async () => {
    await byHand(
      "update tenantry.member set name = 'Anna' where org_id = $1 and key = 'ana@acme.example'",
      acme,
    );
    await byHand("delete from tenantry.banner where org_id = $1", acme);
    const audit = await byHand(
      "select kind, action, before, login, application, actor from tenantry.audit where org_id = $1 order by id desc limit 2",
      acme,
    );
    expect(audit).toMatchObject([
      {
        kind: "banner",
        action: "delete",
        before: { message: "Sunday" },
        login: "postgres",
        application: "tenantry",
      },
      { kind: "member", action: "update", before: { name: null, key: "ana@acme.example" }, actor: null },
    ]);
    expect(await counters()).toEqual({ catalog: 1, acme: 3, globex: 1 });
  });

  it("count once a transaction, however many statements and kinds", async () => {
    await byHand(`
      begin;
      update tenantry.member set name = 'x';
      update tenantry.org set name = 'x';
      delete from tenantry.banner;
      set constraints all immediate;
      update tenantry.member set name = 'y';
      commit`);
    expect(await counters()).toEqual({ catalog: 1, acme: 2, globex: 2 });
    const sets = await byHand(
      "select counter, revision from tenantry.change_set where org_id = $1 order by counter",
      acme,
    );
    expect(sets).toEqual([
      { counter: "1", revision: "1" },
      { counter: "2", revision: null },
    ]);
  });

  it("count nothing where nothing changed, or all was undone", async () => {
    await byHand("update tenantry.member set name = name, attributes = attributes");
    await byHand("begin; update tenantry.member set name = 'x'; rollback");
    expect(await counters()).toEqual({ catalog: 1, acme: 1, globex: 1 });
    expect(await byHand("select from tenantry.tx_pending")).toEqual([]);
    expect(await byHand("select from tenantry.books_pending")).toEqual([]);
  });

  it("see a row that moves to another org leave the one and come to the other", async () => {
    await byHand("insert into tenantry.api_key (org_id, name) values ($1, 'moving')", acme);
    await byHand(
      "update tenantry.api_key set org_id = (select org_id from tenantry.org where slug = 'globex') where name = 'moving'",
    );
    const events = await byHand(
      "select org_id = $1 as acme, action from tenantry.audit where kind = 'api_key' order by id desc limit 2",
      acme,
    );
    expect(events).toHaveLength(2);
    expect(events).toEqual(
      expect.arrayContaining([
        { acme: true, action: "delete" },
        { acme: false, action: "insert" },
      ]),
    );
  });

  it("see the catalog under the nil id, and what goes past ordinary triggers", async () => {
    await byHand(
      "begin; set local session_replication_role = replica; update tenantry.flag set description = 'x'; commit",
    );
    expect(await counters()).toEqual({ catalog: 2, acme: 1, globex: 1 });
    const [event] = await byHand("select org_id, kind from tenantry.audit order by id desc limit 1");
    expect(event).toEqual({ org_id: catalogId, kind: "flag" });
  });

  it("note the actor that the writer claims", async () => {
    await byHand(
      "begin; select set_config('tenantry.actor', 'dora', true); delete from tenantry.banner; commit",
    );
    const [event] = await byHand("select actor from tenantry.audit order by id desc limit 1");
    expect(event).toEqual({ actor: "dora" });
  });

  it("are kept of every kind, and cannot be gone past by truncate", async () => {
    for (const kind of kindsInOrder) {
      const { tier } = descriptorOf(kind);
      const triggers = await byHand(
        `select p.proname as function, count(*)::int as n from pg_trigger t join pg_proc p on p.oid = t.tgfoid
         where tgrelid = $1::regclass and not tgisinternal and tgenabled = 'A' group by 1 order by 1`,
        `tenantry.${kind}`,
      );
      expect(triggers, kind).toEqual([
        { function: `keep_${tier}_books`, n: 3 },
        { function: "refuse_truncate", n: 1 },
      ]);
      await expect(byHand(`truncate tenantry.${kind} cascade`), kind).rejects.toThrow(/cannot be truncated/);
    }
  });
});
