import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { inTransaction } from "../../src/database/in-transaction.ts";
import { descriptorOf } from "../../src/model/kinds.ts";
import { kindsInOrder } from "../../src/model/order.ts";
import { eachEngine } from "../engines.ts";
import { apply, whole } from "./whole-estate.ts";

const tenantTables = kindsInOrder.filter((kind) => descriptorOf(kind).tier === "org");

eachEngine("isolation", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });

  it("shows the app one org, and none without saying which", async () => {
    await apply(database, whole);
    const { rows } = await database.pool.query("select org_id from tenantry.org where slug = 'globex'");
    for (const kind of tenantTables) {
      const count = `select count(*)::int as n, count(*) filter (where org_id = '${rows[0].org_id}')::int as own
        from tenantry.${kind}`;
      const all = await database.pool.query(count);
      const none = await inTransaction(database, "app", {}, (transaction) => transaction.query(count));
      expect(none.rows, kind).toEqual([{ n: 0, own: 0 }]);
      const one = await inTransaction(database, "app", { orgId: rows[0].org_id }, (transaction) =>
        transaction.query(count),
      );
      expect(one.rows, kind).toEqual([{ n: all.rows[0].own, own: all.rows[0].own }]);
    }
  });

  it.each([
    ["the app write", "app", "update tenantry.org set name = 'x'"],
    ["the runtime write", "runtime", "delete from tenantry.org"],
    ["an apply forge the audit", "apply", "delete from tenantry.audit"],
    ["an apply move a counter", "apply", "update tenantry.org_books set change_counter = 0"],
    ["an apply write as somebody pending", "apply", "insert into tenantry.tx_pending values ('1')"],
  ] as const)("does not let %s", async (_, role, statement) => {
    const attempt = inTransaction(database, role, {}, (transaction) => transaction.query(statement));
    await expect(attempt).rejects.toMatchObject({ code: "42501" });
  });

  it("leaves no role and no org behind after an error", async () => {
    const orgId = crypto.randomUUID();
    const failing = inTransaction(database, "app", { orgId }, (transaction) =>
      transaction.query("select 1/0"),
    );
    await expect(failing).rejects.toMatchObject({ code: "22012" });
    const { rows } = await database.pool.query(
      "select current_user = session_user as own, nullif(current_setting('tenantry.org_id', true), '') as org",
    );
    expect(rows).toEqual([{ own: true, org: null }]);
  });
});
