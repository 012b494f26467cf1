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

  it("forces row-level security on every table of tenants, with a restrictive policy for the app", async () => {
    const { rows } = await database.pool.query<{ name: string; forced: boolean; restrictive: number }>(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
         (select count(*)::int from pg_policy p where p.polrelid = c.oid and not p.polpermissive
            and p.polroles = array[to_regrole($1)::oid]) as restrictive
       from pg_class c where c.relnamespace = 'tenantry'::regnamespace and c.relname = any($2)`,
      [`${database.rolePrefix}app`, tenantTables],
    );
    expect(rows).toHaveLength(tenantTables.length);
    expect(rows.filter(({ forced, restrictive }) => !forced || restrictive !== 1)).toEqual([]);
  });

  it("gives the working roles no table, no way round the policies, and no truncate", async () => {
    const roles = ["apply", "runtime", "app"].map((role) => database.rolePrefix + role);
    const { rows } = await database.pool.query(
      `select r.rolname, r.rolsuper, r.rolbypassrls, r.rolcanlogin,
         (select count(*)::int from pg_class c where c.relowner = r.oid) as owned,
         (select count(*)::int from pg_class c where c.relnamespace = 'tenantry'::regnamespace and c.relkind = 'r'
            and has_table_privilege(r.oid, c.oid, 'truncate')) as truncatable,
         (select count(*)::int from pg_proc p where p.pronamespace = 'tenantry'::regnamespace
            and has_function_privilege(r.oid, p.oid, 'execute')) as callable
       from pg_roles r where r.rolname = any($1)`,
      [roles],
    );
    expect(rows).toHaveLength(3);
    for (const { rolname: _, ...row } of rows) {
      expect(row).toEqual({
        rolsuper: false,
        rolbypassrls: false,
        rolcanlogin: false,
        owned: 0,
        truncatable: 0,
        callable: 0,
      });
    }
  });

  it("runs only trigger functions with the owner's rights, on a fixed search path", async () => {
    const { rows } = await database.pool.query(
      `select proname, prorettype::regtype::text as returns, proconfig from pg_proc
       where pronamespace = 'tenantry'::regnamespace and prosecdef`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row).toMatchObject({ returns: "trigger", proconfig: ["search_path=pg_catalog, pg_temp"] });
    }
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
