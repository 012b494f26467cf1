import { expect, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import type { Kind } from "../../src/model/kinds.ts";
import { eachEngine } from "../engines.ts";
import { applyManifests, changesOf, type Manifests, planManifests } from "./manifest-estate.ts";
import { catalog, type Json, merged, org } from "./samples.ts";

interface Rename {
  readonly kind: Kind;
  /** The manifests with one thing under a name, which may say the names that it had. */
  readonly write: (name: string, previously?: readonly string[]) => Manifests;
  readonly names?: (name: string) => string;
}

const inCatalog =
  (section: string, content: Json) =>
  (name: string, previously: readonly string[] = []) => ({
    catalog: merged(catalog, { [section]: { [name]: { ...content, previously } } }),
    orgs: [org],
  });

const inOrg =
  (section: string, content: Json, needs: Json = {}) =>
  (name: string, previously: readonly string[] = []) => ({
    orgs: [merged(org, needs, { [section]: { [name]: { ...content, previously } } })],
  });

const address = (name: string) => `${name}@acme.example`;
const held = inOrg(
  "members",
  { roles: ["admin"], workspaces: { web: ["editor"] } },
  { workspaces: { web: {} } },
);

/** Everything that can be renamed. */
const renames: readonly Rename[] = [
  {
    kind: "org",
    write: (name, previously = []) => ({
      orgs: [{ ...org, org: name, previously, members: { "ana@acme.example": "owner" } }],
    }),
  },
  { kind: "workspace", write: inOrg("workspaces", { environments: { live: {} } }) },
  {
    kind: "environment",
    write: (name, previously = []) => ({
      orgs: [merged(org, { workspaces: { web: { environments: { [name]: { previously } } } } })],
    }),
  },
  { kind: "role", write: inOrg("roles", { grants: ["org:read"] }) },
  { kind: "catalog_role", write: inCatalog("roles", { grants: ["org:read"] }) },
  { kind: "feature", write: inCatalog("features", { switch: true }) },
  { kind: "flag", write: inCatalog("flags", { default: false, rules: [{ rollout: "50%", serve: true }] }) },
  { kind: "team", write: inOrg("teams", { roles: ["admin"] }) },
  { kind: "plan", write: inCatalog("plans", { product: "platform", versions: { 1: {}, 2: {} } }) },
  {
    kind: "member",
    write: (name, previously = []) => held(address(name), previously.map(address)),
    names: address,
  },
];

eachEngine("a rename", (open) => {
  test.each(renames)("of a $kind is one update of one row", async ({ kind, write, names = String }) => {
    const database = await open();
    await applyManifests(database, write("first"));
    const before = await rowsOf(database, kind);
    const count = await eventCount(database);

    const plan = await applyManifests(database, write("second", ["first"]));
    expect(plan.notes).toEqual([]);
    expect(changesOf(plan)).toMatchObject([{ action: "update", kind }]);
    const { rows } = await database.pool.query(
      `select e.kind, e.action, e.row_id, slug, name from tenantry.timeline e
       order by e.at desc, e.event desc limit (select count(*) from tenantry.audit) - $1::int`,
      [count],
    );
    expect(rows).toMatchObject([{ kind, action: "update", name: names("second") }]);
    const after = await rowsOf(database, kind);
    const id = rows[0].row_id;
    expect(after.map((row) => row.id).sort()).toEqual(before.map((row) => row.id).sort());
    // A flag's buckets are drawn from its salt and the org's id.
    const saltOf = (all: readonly Json[]) => all.find((row) => row.id === id)?.salt;
    expect(saltOf(after)).toEqual(saltOf(before));

    // Done once, it is done.
    for (const manifests of [write("second", ["first"]), write("second")]) {
      const again = await planManifests(database, manifests);
      expect([changesOf(again), again.findings, again.notes]).toEqual([[], [], []]);
    }
  });

  test("of two that change places takes two applies, and keeps both", async () => {
    const database = await open();
    const write = (roles: Json) => ({ orgs: [merged(org, { roles })] });
    const grants = { grants: ["org:read"] };
    await applyManifests(database, write({ a: grants, b: grants }));
    const before = await idsByName(database);
    await applyManifests(database, write({ c: { ...grants, previously: "a" }, b: grants }));
    // One name is handed on within one apply.
    const swapped = write({ b: { ...grants, previously: "c" }, a: { ...grants, previously: "b" } });
    await applyManifests(database, swapped);
    const after = await idsByName(database);
    expect([after.get("b"), after.get("a")]).toEqual([before.get("a"), before.get("b")]);
    expect(changesOf(await planManifests(database, swapped))).toEqual([]);
  });

  test("of two orgs hands on the slug, and each keeps its rows", async () => {
    const database = await open();
    const named = (slug: string, previously: readonly string[] = [], name = slug) => ({
      ...org,
      org: slug,
      previously,
      members: { [`${name}@acme.example`]: "owner" },
    });
    await applyManifests(database, { orgs: [named("acme"), named("globex")] });
    const plan = await applyManifests(database, {
      orgs: [named("globex", ["acme"], "acme"), named("hooli", ["globex"], "globex")],
    });
    expect(changesOf(plan).map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      "update org",
      "update org",
    ]);
    const { rows } = await database.pool.query(
      "select o.slug, m.key from tenantry.org o join tenantry.member m using (org_id) order by 1",
    );
    expect(rows).toEqual([
      { slug: "globex", key: "acme@acme.example" },
      { slug: "hooli", key: "globex@acme.example" },
    ]);
  });

  test("of what is not there is a creation with a note, and of both a refusal", async () => {
    const database = await open();
    await applyManifests(database, held(address("ana")));
    const neither = await planManifests(database, held(address("di"), [address("old")]));
    expect(neither.notes).toMatchObject([
      {
        subject: "acme/member/di@acme.example",
        message: `"old@acme.example" was not found; di@acme.example is created`,
      },
    ]);
    await database.pool.query(
      "insert into tenantry.member (org_id, key) select org_id, 'bo@acme.example' from tenantry.org",
    );
    const clash = await planManifests(database, held(address("ana"), [address("bo")]));
    expect(clash.findings).toMatchObject([{ code: "rename-clash", subject: "acme/member/ana@acme.example" }]);
  });
});

async function rowsOf(database: Database, kind: Kind): Promise<readonly Json[]> {
  const { rows } = await database.pool.query(`select to_jsonb(t) as "row" from tenantry."${kind}" t`);
  return rows.map(({ row }) => row);
}

async function idsByName(database: Database): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.pool.query("select name, id from tenantry.role");
  return new Map(rows.map(({ name, id }) => [name, id]));
}

async function eventCount(database: Database): Promise<number> {
  const { rows } = await database.pool.query("select count(*)::int as count from tenantry.audit");
  return rows[0].count;
}
