import { expect, it } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { type LiveEstate, openLiveEstate } from "../../src/runtime/live-estate.ts";
import { eachEngine } from "../engines.ts";
import { fill, rename, renameUnseen } from "./filled-estate.ts";

const nameOf = async (estate: LiveEstate, slug: string) => (await estate.org(slug))?.name;

eachEngine("an estate in memory", (open, engine) => {
  for (const maxOrgs of [undefined, 3]) {
    const held = maxOrgs === undefined ? "all orgs" : `${maxOrgs} orgs`;
    const opened = async (orgs = 6): Promise<[Database, LiveEstate]> => {
      const database = await open();
      await fill(database, orgs);
      return [database, await openLiveEstate(database, { maxOrgs })];
    };

    it(`sees what was written by hand, holding ${held}`, async () => {
      const [database, estate] = await opened();
      expect(await nameOf(estate, "org-1")).toBe("name 0");
      await rename(database, "org-1", "name 1");
      await estate.refresh();
      expect(await nameOf(estate, "org-1")).toBe("name 1");
    });

    it(`follows slugs that orgs swap, holding ${held}`, async () => {
      const [{ pool }, estate] = await opened();
      const before = [await estate.org("org-1"), await estate.org("org-2")];
      await pool.query(
        `update tenantry.org set slug = case slug when 'org-1' then 'org-2' else 'org-1' end where slug in ('org-1', 'org-2')`,
      );
      await estate.refresh();
      const after = [await estate.org("org-2"), await estate.org("org-1")];
      expect(after.map((org) => org?.id)).toEqual(before.map((org) => org?.id));
      expect(after.map((org) => org?.slug)).toEqual(["org-2", "org-1"]);
    });

    it(`knows a slug no more that its org gave up, holding ${held}`, async () => {
      const [{ pool }, estate] = await opened();
      const before = await estate.org("org-1");
      await pool.query("update tenantry.org set slug = 'moved' where slug = 'org-1'");
      await estate.refresh();
      expect(await estate.org("org-1")).toBeNull();
      expect((await estate.org("moved"))?.id).toBe(before?.id);
    });

    it(`takes orgs in and lets them go, holding ${held}`, async () => {
      const [{ pool }, estate] = await opened();
      expect(await estate.org("org-7")).toBeNull();
      expect(await estate.org("org-1")).not.toBeNull();
      await pool.query(`
        insert into tenantry.org (org_id, id, slug) select id, id, 'org-7' from gen_random_uuid() id;
        delete from tenantry.member using tenantry.org where org.org_id = member.org_id and slug = 'org-1';
        delete from tenantry.org where slug = 'org-1';`);
      await estate.refresh();
      expect(await estate.org("org-7")).not.toBeNull();
      expect(await estate.org("org-1")).toBeNull();
    });

    it(`compiles every org with the catalog of now, holding ${held}`, async () => {
      const [{ pool }, estate] = await opened();
      await estate.org("org-1");
      await pool.query(
        "insert into tenantry.flag (name, type, \"default\") values ('fresh', 'boolean', 'true'::jsonb)",
      );
      await estate.refresh();
      for (const slug of ["org-1", "org-2"])
        expect((await estate.org(slug))?.catalog.flags.has("fresh")).toBe(true);
    });

    it(`reads everything where another estate stands in its place, holding ${held}`, async () => {
      const [{ pool }, estate] = await opened();
      await estate.org("org-1");
      await renameUnseen({ pool }, "org-1", "restored");
      await pool.query("update tenantry.estate set epoch = gen_random_uuid()");
      await estate.refresh();
      expect(await nameOf(estate, "org-1")).toBe("restored");
    });
  }

  it("keeps what it knows where the database has fallen behind, and reads everything once it has caught up", async () => {
    const database = await open();
    await fill(database, 2);
    await database.pool.query("update tenantry.estate set revision = 7");
    const clock = { now: 1_000 };
    const estate = await openLiveEstate(database, { clock: () => clock.now });
    await renameUnseen(database, "org-1", "lost");
    await database.pool.query("update tenantry.estate set revision = 6");
    clock.now = 2_000;
    await expect(estate.refresh()).rejects.toMatchObject({ code: "estate-behind" });
    expect(await nameOf(estate, "org-1")).toBe("name 0");
    expect(estate.state()).toMatchObject({ revision: 7, seenAt: 1_000 });
    await database.pool.query("update tenantry.estate set revision = 7");
    await estate.refresh();
    expect(await nameOf(estate, "org-1")).toBe("lost");
    expect(estate.state()).toMatchObject({ revision: 7, seenAt: 2_000 });
  });

  it("reads everything where the known revision was made by another apply than it knows", async () => {
    const database = await open();
    await fill(database, 2);
    const make = (revision: number) =>
      database.pool.query(
        `with made as (
           insert into tenantry.revision (revision, apply_id, actor, counts) values ($1, gen_random_uuid(), 'tester', '{}')
           returning apply_id
         ) update tenantry.estate set revision = $1, apply_id = (select apply_id from made)`,
        [revision],
      );
    await make(1);
    const estate = await openLiveEstate(database);
    // A failover lost the revision, and another was made in its place.
    await database.pool.query("delete from tenantry.revision");
    await make(1);
    await make(2);
    await renameUnseen(database, "org-1", "of the other past");
    await estate.refresh();
    expect(await nameOf(estate, "org-1")).toBe("of the other past");
  });

  it("passes by the numbers of changes that another cluster gave", async () => {
    const database = await open();
    await fill(database, 2);
    await database.pool.query("update tenantry.change_set set xid = '900000000'");
    const estate = await openLiveEstate(database);
    const told: unknown[] = [];
    estate.onChange((change) => told.push(change));
    await estate.refresh();
    expect(told).toEqual([]);
    await rename(database, "org-2", "name 1");
    await estate.refresh();
    expect(told).toEqual([{ revision: 0, slugs: new Set(["org-2"]) }]);
  });

  it("answers everyone who asks for more orgs at once than it holds", async () => {
    const database = await open();
    await fill(database, 12);
    const estate = await openLiveEstate(database, { maxOrgs: 3 });
    const slugs = Array.from({ length: 14 }, (_, index) => `org-${index + 1}`);
    const orgs = await Promise.all(slugs.map((slug) => estate.org(slug)));
    expect(orgs.map((org) => org?.slug)).toEqual([...slugs.slice(0, 12), undefined, undefined]);
    expect(estate.state().orgs).toBe(3);
  });

  it("asks once for what many want, and remembers that a slug is nobody's", async () => {
    const database = await open();
    await fill(database, 2);
    const estate = await openLiveEstate(database, { maxOrgs: 3 });
    const flood = Array.from({ length: 300 }, (_, index) => estate.org(`none-${index % 100}`));
    expect(new Set(await Promise.all(flood))).toEqual(new Set([null]));
    // Three are remembered: those asked for last.
    expect(estate.org("none-99")).toBeNull();
    const forgotten = estate.org("none-1");
    expect(forgotten).toBeInstanceOf(Promise);
    // Who leaves it unheard would hear of it in another test, as of a database that is gone.
    expect(await forgotten).toBeNull();
  });

  it("keeps the orgs it holds where a full read fails", async () => {
    const database = await open();
    await fill(database, 2);
    const estate = await openLiveEstate(database, { maxOrgs: 3 });
    await estate.org("org-1");
    await database.pool.query("alter table tenantry.flag rename to flag_away");
    await expect(estate.refresh("everything")).rejects.toThrow();
    await database.pool.query("alter table tenantry.flag_away rename to flag");
    expect(await estate.org("org-1")).toMatchObject({ name: "name 0" });
  });

  if (engine === "pglite") return;

  it("sees a transaction that was under way during a look, once it has committed", async () => {
    const database = await open();
    await fill(database, 3);
    const [slow, idle] = [await database.pool.connect(), await database.pool.connect()];
    // It holds the oldest transaction back for as long as the test takes.
    await idle.query("begin; select pg_current_xact_id()");
    await slow.query(
      "begin; update tenantry.org set name = 'late' where slug = 'org-1'; savepoint inner_one",
    );
    await slow.query("update tenantry.org set name = 'late' where slug = 'org-2'; release inner_one");
    await slow.query("set constraints all immediate");
    const estate = await openLiveEstate(database);
    for (let turn = 0; turn < 3; turn++) {
      await rename(database, "org-3", `name ${turn}`);
      await estate.refresh();
      expect(estate.org("org-3")).toMatchObject({ name: `name ${turn}` });
    }
    expect(estate.org("org-1")).toMatchObject({ name: "name 0" });
    const told: (ReadonlySet<string> | null)[] = [];
    estate.onChange(({ slugs }) => told.push(slugs));
    await slow.query("commit");
    await estate.refresh();
    expect(estate.org("org-1")).toMatchObject({ name: "late" });
    expect(estate.org("org-2")).toMatchObject({ name: "late" });
    // However long somebody idles in a transaction, nothing is read twice.
    await estate.refresh();
    expect(told).toEqual([new Set(["org-1", "org-2"])]);
    await idle.query("rollback");
    for (const client of [slow, idle]) client.release();
  });
});
