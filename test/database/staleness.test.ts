import { randomUUID } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { DesiredState } from "../../src/model/state.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { eachEngine } from "../engines.ts";
import { acme, apply, catalog, estate, globex, planFor, whole } from "./whole-estate.ts";

eachEngine("a plan that others wrote past", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
    await apply(database, whole);
  });

  const byHand = (statement: string) => database.pool.query(statement);
  const write = (plan: Plan) => writePlan(database, plan, { applyId: randomUUID(), actor: "tester" });

  async function state() {
    const tables = ["audit", "change_set", "org_books", "revision", "source"];
    const counts = await Promise.all(tables.map((table) => byHand(`select count(*) from tenantry.${table}`)));
    return counts.map(({ rows }) => rows);
  }

  /** What becomes of a plan for `desired` when a statement comes between. */
  async function after(desired: DesiredState, statement: string) {
    const plan = await planFor(database, desired);
    await byHand(statement);
    const before = await state();
    return { attempt: write(plan), before };
  }

  async function refuses(desired: DesiredState, statement: string, ...subjects: string[]) {
    const { attempt, before } = await after(desired, statement);
    const writer = /^Changed since the plan was made:\n\S+ by tenantry, role postgres, \d{4}-\d\d-\d\d /;
    await expect(attempt).rejects.toMatchObject({
      code: "plan-stale",
      subjects: expect.arrayContaining(subjects),
      message: expect.stringMatching(writer),
    });
    expect(await state()).toEqual(before);
  }

  const quieter = estate(catalog, { acme: { ...acme, banner: [{ message: "Monday" }] }, globex });
  const another = { name: "second", url: "https://acme.example/second" };
  const hooked = estate(catalog, { acme: { ...acme, webhook: [...(acme.webhook ?? []), another] }, globex });
  const joined = estate(catalog, {
    acme,
    globex: {
      ...globex,
      member: [...(globex.member ?? []), { key: "bo@globex.example", email: "bo@globex.example" }],
    },
  });
  const globexId = "(select org_id from tenantry.org where slug = 'globex')";

  it("is refused where a row that it writes was changed, in whichever field", async () => {
    await refuses(quieter, "update tenantry.banner set variant = 'info'", "acme/banner");
  });

  it("is refused where a row that it writes was deleted", async () => {
    await refuses(quieter, "delete from tenantry.banner", "acme/banner");
  });

  it("is refused where somebody made the row that it would make", async () => {
    const insert =
      "insert into tenantry.webhook (org_id, name) select org_id, 'second' from tenantry.org where slug = 'acme'";
    await refuses(hooked, insert, "acme/webhook/second");
  });

  it("is refused where the row that it would make was made and taken away again", async () => {
    const insert = `insert into tenantry.webhook (org_id, name)
      select org_id, 'second' from tenantry.org where slug = 'acme'`;
    const remove = "delete from tenantry.webhook where name = 'second'";
    await refuses(hooked, `${insert}; ${remove}`, "acme/webhook/second");
  });

  it("is refused where somebody gave another row the name that it would take", async () => {
    await refuses(hooked, "update tenantry.webhook set name = 'second'", "acme/webhook/second");
  });

  it("is refused where what its brakes counted has changed", async () => {
    const insert = `insert into tenantry.member (org_id, key) values (${globexId}, 'user_77')`;
    await refuses(joined, insert, "globex/member/user_77");
  });

  it("is refused where a role was changed that it would give", async () => {
    const promoted = estate(catalog, {
      acme,
      globex: { ...globex, binding: [{ member: "ana@acme.example", catalog_role: "owner" }] },
    });
    const change = "update tenantry.catalog_role set description = 'x' where name = 'owner'";
    await refuses(promoted, change, "catalog/role/owner");
  });

  it("is refused where something began to refer to what it removes", async () => {
    const flag = catalog.flag?.filter(({ name }) => name === "checkout") ?? [];
    const less = estate(
      { ...catalog, flag },
      { acme: { ...acme, flag_override: [{ flag: "checkout", workspace: "ops", value: "b" }] }, globex },
    );
    const insert = `insert into tenantry.flag_override (org_id, flag_id, value)
      select ${globexId}, id, 'true' from tenantry.flag where name = 'dashboard'`;
    await refuses(less, insert, "globex/flag/dashboard");
  });

  it("is refused where another apply was first with the same row", async () => {
    const first = await planFor(database, quieter);
    await apply(database, estate(catalog, { acme: { ...acme, banner: [{ message: "Tuesday" }] }, globex }));
    await expect(write(first)).rejects.toMatchObject({ code: "plan-stale", subjects: ["acme/banner"] });
  });

  it("is refused where nobody can say any more what changed", async () => {
    for (const table of ["change_set", "audit"]) {
      const plan = await planFor(database, quieter);
      await byHand("update tenantry.webhook set name = name || 'x'");
      await byHand(`delete from tenantry.${table} where org_id <> ${globexId}`);
      const attempt = write(plan);
      const message = expect.stringMatching(
        /^The plan is too old to be checked:\nacme changed, and what did is no longer/,
      );
      await expect(attempt).rejects.toMatchObject({ code: "plan-stale", subjects: ["acme"], message });
    }
  });

  it("is refused where the database was put back, or is another", async () => {
    const plan = await planFor(database, quieter);
    const stale = { code: "plan-stale" };
    const withBase = (base: Partial<Plan["base"]>) => write({ ...plan, base: { ...plan.base, ...base } });
    await expect(withBase({ epoch: randomUUID() })).rejects.toMatchObject(stale);
    await expect(withBase({ revision: 2 })).rejects.toMatchObject(stale);
    const counters = new Map([...plan.base.counters].map(([id, counter]) => [id, counter + 1]));
    await expect(withBase({ counters })).rejects.toMatchObject({
      ...stale,
      message: expect.stringMatching(/put back/),
    });
  });

  it.each([
    ["another row of the same org", "update tenantry.webhook set name = 'other'"],
    ["a row of the same kind in an org with no limit on it", "update tenantry.team set description = 'x'"],
    ["another org", "update tenantry.org set name = 'x' where slug = 'globex'"],
    ["the catalog, where it matters to nothing here", "update tenantry.template set description = 'x'"],
  ])("is applied where somebody changed %s", async (_, statement) => {
    const { attempt } = await after(quieter, statement);
    expect(await attempt).toMatchObject({ revision: 2, rows: 1 });
    const { rows } = await byHand("select message from tenantry.banner");
    expect(rows).toEqual([{ message: "Monday" }]);
    // What was written in between is still there to be found.
    const open = await byHand("select from tenantry.org_books where change_counter <> applied_counter");
    expect(open.rowCount).toBeGreaterThan(0);
  });

  it("is applied where another apply came between, with rows of its own", async () => {
    const first = await planFor(database, quieter);
    await write(await planFor(database, hooked));
    expect(await write(first)).toMatchObject({ revision: 3, rows: 1 });
  });
});
