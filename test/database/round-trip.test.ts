import { expect, it } from "vitest";
import { readActual } from "../../src/database/read-actual.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import { kindsInOrder } from "../../src/model/order.ts";
import { eachEngine } from "../engines.ts";
import { acme, apply, catalog, estate, globex, planFor, whole } from "./whole-estate.ts";

eachEngine("what is written is read again", (open) => {
  it("holds every kind, and then finds nothing to change", async () => {
    const database = await open();
    const applied = await apply(database, whole);
    const actual = await readActual(database);
    expect(applied.revision).toBe(1);
    expect(actual.revision).toBe(1);
    const read = [actual.catalog, ...actual.orgs].flatMap(({ rows }) => [...rows.keys()]);
    expect(new Set(read)).toEqual(new Set(kindsInOrder));
    expect((await planFor(database, whole)).scopes).toEqual([]);
  });

  it("gives values in canonical form", async () => {
    const database = await open();
    await apply(database, whole);
    const [org] = (await readActual(database)).orgs;
    expect(org?.org).toBe("acme");
    expect(org?.rows.get("invitation")?.[0]?.fields.expires).toBe("2026-12-01T00:00:00.25Z");
    expect(org?.rows.get("trace")?.[0]?.fields.sample_rate).toBe(0.1);
    expect(org?.rows.get("org")?.[0]).toMatchObject({
      origin: "manifest",
      managed: ["attributes", "name", "slug", "templates"],
      fields: { created_at: "2026-11-21T09:00:00Z", attributes: { region: "eu", employees: 420 } },
    });
  });

  it("reads only the orgs that are asked for", async () => {
    const database = await open();
    await apply(database, whole);
    const actual = await readActual(database, { orgs: ["globex", "initech"] });
    expect(actual.orgs.map(({ org }) => org)).toEqual(["globex"]);
    expect(actual.catalog.rows.get("flag")).toHaveLength(2);
  });

  it("deletes children before parents", async () => {
    const database = await open();
    await apply(database, whole);
    const bare = estate(catalog, { acme: { org: acme.org ?? [], workspace: acme.workspace ?? [] }, globex });
    await apply(database, bare);
    expect((await planFor(database, bare)).scopes).toEqual([]);
    const [org] = (await readActual(database, { orgs: ["acme"] })).orgs;
    expect([...(org?.rows.keys() ?? [])].sort()).toEqual(["org", "workspace"]);
  });

  it("moves a row away from what is deleted in the same plan", async () => {
    const database = await open();
    await apply(database, whole);
    const moved = estate(
      { ...catalog, plan_version: catalog.plan_version?.slice(1) ?? [] },
      {
        acme: {
          ...acme,
          team: [{ name: "hotfix" }],
          team_member: [],
          binding: acme.binding?.filter(({ team }) => team === undefined) ?? [],
          subscription: [{ product: "platform", plan: "team@2" }],
        },
        globex,
      },
    );
    const plan = await planFor(database, moved);
    await writePlan(database, plan, { applyId: crypto.randomUUID(), actor: "tester" });
    expect((await planFor(database, moved)).scopes).toEqual([]);
  });

  it("swaps what two rows are known by", async () => {
    const database = await open();
    const members = (first: string, second: string) =>
      estate(catalog, {
        acme: {
          org: acme.org ?? [],
          member: [
            { key: "ana@acme.example", email: first, user_id: first },
            { key: "bo@acme.example", email: second, user_id: second },
          ],
        },
      });
    await apply(database, members("one@acme.example", "two@acme.example"));
    const swapped = members("two@acme.example", "one@acme.example");
    await apply(database, swapped);
    expect((await planFor(database, swapped)).scopes).toEqual([]);
  });

  it("writes nothing and makes no revision of an empty plan", async () => {
    const database = await open();
    await apply(database, whole);
    expect(await apply(database, whole)).toEqual({ revision: 1, rows: 0, earlier: null });
    expect((await readActual(database)).revision).toBe(1);
  });
});
