import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { exportPurged } from "../../src/reconcile/export-purged.ts";
import { eachEngine } from "../engines.ts";
import { applied, braked, start, stops } from "./braked.ts";

const catalog = {
  apiVersion: "tenantry/v1",
  catalog: "acme-cloud",
  permissions: { org: ["read", "update"] },
  roles: {
    owner: { grants: ["*:*"], at_least: 1 },
    auditor: { grants: ["org:read"] },
  },
  features: { seats: { limit: "members" } },
  products: ["platform"],
  plans: {
    free: { product: "platform", fallback: true, versions: { 1: { entitlements: { seats: 3 } } } },
    team: { product: "platform", versions: { 1: { entitlements: { seats: 5 } } } },
  },
  guards: { max_removals: "25%" },
};
const acme = {
  apiVersion: "tenantry/v1",
  org: "acme",
  subscriptions: { platform: "team@1" },
  members: { "ana@acme.example": "owner" },
};
const globex = { apiVersion: "tenantry/v1", org: "globex", members: { "gus@globex.example": "owner" } };
const both = { catalog, orgs: [acme, globex] };

/** Members that nobody declares, as an invitation or the app makes them; each holds a role where one is said. */
async function joins(
  database: Database,
  slug: string,
  names: readonly string[],
  role?: string,
): Promise<void> {
  await database.pool.query(
    `with joined as (
       insert into tenantry.member (org_id, key, origin)
       select org_id, person || '@' || slug || '.example', 'invitation'
       from tenantry.org, unnest($2::text[]) as given (person)
       where slug = $1 returning org_id, id
     )
     insert into tenantry.binding (org_id, member_id, catalog_role_id, origin)
     select joined.org_id, joined.id, r.id, 'invitation' from joined, tenantry.catalog_role r where r.name = $3`,
    [slug, names, role ?? ""],
  );
}

const without = (section: "roles", name: string) => {
  const { [name]: _gone, ...left } = catalog[section] as Record<string, unknown>;
  return { ...catalog, [section]: left };
};

async function count(database: Database, table: string): Promise<number> {
  const { rows } = await database.pool.query(`select count(*)::int as count from tenantry.${table}`);
  return rows[0].count;
}

eachEngine("the brakes", (open) => {
  describe("judge the database as it will be, with rows that no manifest declares", () => {
    test("members who were invited are over a limit as well as those declared", async () => {
      const database = await open();
      await applied(database, both);
      await joins(database, "acme", ["bo", "cy", "di"]);
      const { subscriptions: _team, ...rest } = acme;
      const downgrade = { catalog, orgs: [{ ...rest, subscriptions: {} }, globex] };
      expect(stops(await braked(database, downgrade))).toEqual([
        "over-limit:acme acme has 4 active members, free@1 allows 3",
      ]);
      const passed = await braked(database, { ...downgrade, allow: ["over-limit:acme"] });
      expect([passed.findings, passed.allowed.map(({ code }) => code)]).toEqual([[], ["over-limit"]]);
    });

    test("an owner who was invited counts, until the plan takes that owner away", async () => {
      const database = await open();
      await applied(database, both);
      const services = { ...acme, members: { "ana@acme.example": { roles: "owner", type: "service" } } };
      const additive = { catalog, orgs: [services, globex] };
      const nobody = [
        "no-sign-in:acme acme would have no owner who can sign in: services alone hold that role.",
      ];
      expect(stops(await braked(database, additive))).toEqual(nobody);
      await joins(database, "acme", ["bo"], "owner");
      expect(stops(await braked(database, additive))).toEqual([]);
      const manage = { members: { mode: "authoritative", over: "all" } };
      const alone = { catalog, orgs: [{ ...services, manage }, globex] };
      expect(stops(await braked(database, alone))).toEqual(nobody);
    });
  });

  describe("reach orgs that the plan does not look at", () => {
    const look = ["globex"];

    test("where the catalog demands more holders of a role", async () => {
      const database = await open();
      await applied(database, both);
      await joins(database, "globex", ["hal"], "owner");
      const two = { ...catalog, roles: { ...catalog.roles, owner: { grants: ["*:*"], at_least: 2 } } };
      const declared = { "gus@globex.example": "owner", "hal@globex.example": "owner" };
      const orgs = [acme, { ...globex, members: declared }];
      const released = [{ ...acme, members: undefined, release: ["members"] }, orgs[1] as typeof globex];
      await applied(database, { catalog, orgs: released });
      expect(stops(await braked(database, { catalog: two, orgs: released, look }))).toEqual([
        "at-least:acme acme would have only 1 active owner, and needs 2.",
      ]);
    });

    test("where a role that goes is held there; let pass, it is taken from its holders", async () => {
      const database = await open();
      await applied(database, both);
      await joins(database, "acme", ["bo", "cy"], "auditor");
      await joins(database, "globex", ["hal"], "auditor");
      const fewer = { catalog: without("roles", "auditor"), orgs: both.orgs };
      const told = (by: string) =>
        `role-in-use:catalog/role/auditor The role would go away while it is still held: ${by}, which the manifests do not own. Let pass, that goes too.`;
      expect(stops(await braked(database, { ...fewer, look: [] }))).toEqual([told("acme and 1 more")]);
      expect(stops(await braked(database, { ...fewer, look }))).toEqual([
        told("globex/binding/hal@globex.example:auditor and 1 more"),
      ]);
      const plan = await applied(database, { ...fewer, look, allow: ["role-in-use:catalog/role/auditor"] });
      expect(plan.allowed.map(({ code }) => code)).toEqual(["role-in-use"]);
      const { rows } = await database.pool.query(
        `select count(*)::int as holdings from tenantry.binding where origin = 'invitation'`,
      );
      expect(rows).toEqual([{ holdings: 0 }]);
      expect(await count(database, "catalog_role")).toBe(1);
    });

    test("where an org lives on the plan's version that changes, because it has no other", async () => {
      const database = await open();
      await applied(database, both);
      const changed = (plan: "free" | "team", seats: number) => ({
        ...catalog,
        plans: {
          ...catalog.plans,
          [plan]: { ...catalog.plans[plan], versions: { 1: { entitlements: { seats } } } },
        },
      });
      for (const looked of [undefined, ["acme"], []]) {
        const found = (plan: "free" | "team") =>
          braked(database, { catalog: changed(plan, 9), orgs: both.orgs, ...(looked && { look: looked }) });
        expect(stops(await found("free"))).toEqual([
          "plan-version-in-use:catalog/plan/free@1 A plan version never changes while somebody has it: globex.",
        ]);
        expect(stops(await found("team"))).toMatchObject([
          expect.stringContaining("plan-version-in-use:catalog/plan/team@1"),
        ]);
      }
      await applied(database, {
        catalog,
        orgs: [acme, { ...globex, subscriptions: { platform: "team@1" } }],
      });
      const nobody = {
        catalog: changed("free", 9),
        orgs: [acme, { ...globex, subscriptions: { platform: "team@1" } }],
      };
      expect(stops(await braked(database, nobody))).toEqual([]);
    });

    test("where the catalog gives less than they have", async () => {
      const database = await open();
      await applied(database, both);
      await joins(database, "globex", ["hal", "ian"]);
      const versions = { 1: { entitlements: { seats: 3 } }, 2: { entitlements: { seats: 2 } } };
      const less = { ...catalog, plans: { ...catalog.plans, free: { ...catalog.plans.free, versions } } };
      for (const looked of [["globex"], ["acme"]]) {
        expect(stops(await braked(database, { catalog: less, orgs: both.orgs, look: looked }))).toEqual([
          "over-limit:globex globex has 3 active members, free@2 allows 2",
        ]);
      }
    });

    test("where removals are weighed against the rows of all orgs", async () => {
      const database = await open();
      const crowd = Object.fromEntries(
        Array.from({ length: 15 }, (_, index) => [`m${index}@globex.example`, "auditor"]),
      );
      const loose = {
        ...catalog,
        plans: {
          ...catalog.plans,
          free: { product: "platform", fallback: true, versions: { 1: { entitlements: { seats: 90 } } } },
        },
      };
      const full = { ...globex, members: { ...globex.members, ...crowd } };
      await applied(database, { catalog: loose, orgs: [acme, full] });
      const plan = await braked(database, { catalog: loose, orgs: [acme, globex], look });
      const all =
        (await count(database, "org")) +
        (await count(database, "member")) +
        (await count(database, "binding")) +
        1;
      expect(stops(plan)).toEqual([
        "max-removals:globex globex would lose 15 of 16 members (93.8 %), 15 of 16 held roles (93.8 %); guards.max_removals lets 25 % go at once.",
        `max-removals:estate The estate would lose 30 of ${all} rows of all orgs (${Number(((30 / all) * 100).toFixed(1))} %); guards.max_removals lets 25 % go at once.`,
      ]);
    });
  });

  describe("the end of an org", () => {
    const dead = { ...globex, status: "deleted", confirm: "globex" };
    const later = { now: "2026-12-20T09:00:00Z" };

    async function deleted(database: Database): Promise<void> {
      await applied(database, both);
      await joins(database, "globex", ["hal", "ian"], "auditor");
      await applied(database, { catalog, orgs: [acme, { ...globex, status: "archived" }] });
      await applied(database, { catalog, orgs: [acme, dead] });
    }

    test("is a purge of all its rows, exported first, and its slug is not taken unseen", async () => {
      const database = await open();
      await deleted(database);
      const ended = { catalog, orgs: [acme, dead], inputs: later };
      expect(stops(await braked(database, { ...ended, inputs: { now: "2026-12-20T08:59:59Z" } }))).toEqual(
        [],
      );
      expect(stops(await braked(database, ended))).toMatchObject([expect.stringMatching(/^purge:globex /)]);
      const plan = await braked(database, { ...ended, allow: ["purge:globex"] });
      expect([plan.findings, plan.allowed.map(({ code }) => code)]).toEqual([[], ["purge"]]);
      const directory = mkdtempSync(join(tmpdir(), "tenantry-exports-"));
      try {
        const now = new Date(later.now);
        const [path = ""] = await exportPurged(database, plan, { directory, now });
        expect(path).toBe(join(directory, "globex-2026-12-20T09-00-00Z.json"));
        expect(statSync(path).mode & 0o777).toBe(0o600);
        const kept = JSON.parse(readFileSync(path, "utf8"));
        expect(kept).toMatchObject({ format: "tenantry/org-export/v1", org: "globex", revision: 3 });
        expect(
          kept.resources.map(({ address, origin }: Record<string, string>) => `${address} ${origin}`),
        ).toEqual([
          "globex manifest",
          "globex/binding/gus@globex.example:owner manifest",
          "globex/binding/hal@globex.example:auditor invitation",
          "globex/binding/ian@globex.example:auditor invitation",
          "globex/member/gus@globex.example manifest",
          "globex/member/hal@globex.example invitation",
          "globex/member/ian@globex.example invitation",
        ]);
        expect(kept.audit).toHaveLength(9);
      } finally {
        rmSync(directory, { recursive: true });
      }
      await writePlan(database, plan, { applyId: randomUUID(), actor: "test" });
      const { rows } = await database.pool.query(
        "select (select count(*)::int from tenantry.member) as members, (select count(*)::int from tenantry.org) as orgs, slug, revision::int from tenantry.tombstone",
      );
      expect(rows).toEqual([{ members: 1, orgs: 1, slug: "globex", revision: 4 }]);
      expect((await braked(database, ended)).scopes).toEqual([]);
      const again = await braked(database, { ...both, inputs: later });
      expect(stops(again)).toMatchObject([
        expect.stringMatching(/^slug-buried:globex Another org was called "globex"/),
      ]);
      await applied(database, { ...both, inputs: later, allow: ["slug-buried:globex"] });
      expect(stops(await braked(database, { ...both, inputs: later }))).toEqual([]);
    });

    test("is not, where it cannot be exported, or is no more what the plan saw", async () => {
      const database = await open();
      await deleted(database);
      const plan = await braked(database, {
        catalog,
        orgs: [acme, dead],
        inputs: later,
        allow: ["purge:globex"],
      });
      const now = new Date(later.now);
      const directory = mkdtempSync(join(tmpdir(), "tenantry-exports-"));
      try {
        const file = join(directory, "file");
        writeFileSync(file, "");
        await expect(exportPurged(database, plan, { directory: file, now })).rejects.toMatchObject({
          code: "export-failed",
          message: expect.stringContaining(
            `The org "globex" was not purged, because it could not be exported to ${file}`,
          ),
        });
        await database.pool.query("delete from tenantry.binding where origin = 'invitation'");
        await expect(exportPurged(database, plan, { directory, now })).rejects.toMatchObject({
          code: "export-failed",
          message: 'The org "globex" is no more as the plan saw it, and was not purged. Make the plan again.',
        });
      } finally {
        rmSync(directory, { recursive: true });
      }
    });

    test("is taken back by another status until then", async () => {
      const database = await open();
      await deleted(database);
      await applied(database, both);
      const { rows } = await database.pool.query(
        "select status, purge_after from tenantry.org where slug = 'globex'",
      );
      expect(rows).toEqual([{ status: "active", purge_after: null }]);
    });
  });

  test("an org that nobody declares any more is archived by pruning, or let go of", async () => {
    const database = await open();
    await applied(database, both);
    const left = { catalog, orgs: [acme] };
    expect(stops(await braked(database, left))).toMatchObject([
      expect.stringMatching(/^undeclared-org:globex /),
    ]);
    await applied(database, { ...left, inputs: { now: start, prune: true } });
    expect(stops(await braked(database, left))).toEqual([]);
    await applied(database, { ...left, inputs: { forget: new Set(["globex"]) } });
    const { rows } = await database.pool.query(
      "select status, managed from tenantry.org where slug = 'globex'",
    );
    expect(rows).toEqual([{ status: "archived", managed: null }]);
  });
});
