import { describe, expect, test } from "vitest";
import { catalogId } from "../../src/model/state.ts";
import { actualScope, declared, desiredScope, foreign, owned, planOf } from "./estate.ts";

const acme = declared("org", "", { slug: "acme", templates: [] });
const acmeRow = owned("org", "o1", { slug: "acme", templates: [] });
const ana = { key: "ana@acme.example", email: "ana@acme.example", type: "user", status: "active" };

describe("creates", () => {
  test("fill every field: what is declared, what is new, and the documented default", () => {
    const plan = planOf({ desired: { orgs: [desiredScope("acme", [acme])] }, actual: {} });
    expect(plan.scopes).toHaveLength(1);
    const [scope] = plan.scopes;
    expect(scope).toMatchObject({ org: "acme", orgId: "new-1" });
    expect(scope?.changes[0]).toMatchObject({
      action: "create",
      id: "new-1",
      after: {
        slug: "acme",
        status: "active",
        created_at: "2026-11-20T09:00:00Z",
        attributes: {},
        industry: null,
      },
      managed: ["slug", "templates"],
    });
  });

  test("keep a declared null where the default is something else", () => {
    const settings = declared("catalog", "", { name: "shop", membership_limit: null });
    const plan = planOf({ desired: { catalog: desiredScope(null, [settings]) }, actual: {} });
    expect(plan.scopes[0]?.changes[0]).toMatchObject({
      after: { membership_limit: null, invitation_limit: 100 },
    });
  });

  test("give a flag its own id as salt, unless one is declared", () => {
    const flags = [declared("flag", "a", { name: "a" }), declared("flag", "b", { name: "b", salt: "kept" })];
    const plan = planOf({ desired: { catalog: desiredScope(null, flags) }, actual: {} });
    const salts = plan.scopes[0]?.changes.map((change) => [
      change.id,
      change.action === "create" && change.after.salt,
    ]);
    expect(salts).toEqual([
      ["new-1", "new-1"],
      ["new-2", "kept"],
    ]);
  });
});

describe("updates", () => {
  test("name the fields that differ, with before and after", () => {
    const member = declared("member", ana.key, { ...ana, status: "suspended" });
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme, member])] },
      actual: { orgs: [actualScope("acme", "o1", [acmeRow, owned("member", "m1", ana)])] },
    });
    expect(plan.scopes[0]?.changes).toMatchObject([
      { action: "update", id: "m1", fields: [{ field: "status", before: "active", after: "suspended" }] },
    ]);
  });

  test("leave alone fields that nobody declares and the manifests do not own", () => {
    const row = { ...owned("member", "m1", ana), fields: { ...ana, name: "Ana" } };
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme, declared("member", ana.key, ana)])] },
      actual: { orgs: [actualScope("acme", "o1", [acmeRow, row])] },
    });
    expect(plan.scopes).toEqual([]);
  });

  test("put back the default of a field that was owned and is no longer declared", () => {
    const row = owned("member", "m1", { ...ana, metadata: { crm: "17" } });
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme, declared("member", ana.key, ana)])] },
      actual: { orgs: [actualScope("acme", "o1", [acmeRow, row])] },
    });
    expect(plan.scopes[0]?.changes).toMatchObject([
      {
        action: "update",
        fields: [{ field: "metadata", before: { crm: "17" }, after: {} }],
        managed: ["email", "key", "status", "type"],
      },
    ]);
  });

  test("adopt a row that something else made, once it is declared", () => {
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme, declared("member", ana.key, ana)])] },
      actual: { orgs: [actualScope("acme", "o1", [acmeRow, foreign("member", "m1", ana)])] },
    });
    expect(plan.scopes[0]?.changes).toMatchObject([
      { action: "update", id: "m1", fields: [], managedBefore: null },
    ]);
  });

  test("compare lists, maps and references by what they mean, not by how they were stored", () => {
    const role = { name: "auditor", grants: [{ effect: "allow", permission: "org:read", if: null }] };
    const stored = { name: "auditor", grants: [{ if: null, permission: "org:read", effect: "allow" }] };
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme, declared("role", "auditor", role)])] },
      actual: { orgs: [actualScope("acme", "o1", [acmeRow, owned("role", "r1", stored)])] },
    });
    expect(plan.scopes).toEqual([]);
  });
});

describe("deletes", () => {
  test("take away what the manifests own and no longer declare", () => {
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme])] },
      actual: { orgs: [actualScope("acme", "o1", [acmeRow, owned("member", "m1", ana)])] },
    });
    expect(plan.scopes[0]?.changes).toMatchObject([{ action: "delete", id: "m1", before: ana }]);
  });

  test("leave alone what something else made", () => {
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme])] },
      actual: { orgs: [actualScope("acme", "o1", [acmeRow, foreign("member", "m1", ana)])] },
    });
    expect(plan.scopes).toEqual([]);
    expect(plan.findings).toEqual([]);
  });

  test("reach in authoritative sections what nothing accounts for, and no more than that", () => {
    const row = (id: string, origin: "unknown" | "invitation") => ({
      ...foreign("member", id, { ...ana, key: `${id}@acme.example` }),
      origin,
    });
    const plan = (judges: "unaccounted" | "all") =>
      planOf({
        desired: { orgs: [desiredScope("acme", [acme], { authoritative: new Map([["members", judges]]) })] },
        actual: {
          orgs: [actualScope("acme", "o1", [acmeRow, row("eve", "unknown"), row("nia", "invitation")])],
        },
      });
    expect(plan("unaccounted").scopes[0]?.changes).toMatchObject([{ action: "delete", id: "eve" }]);
    expect(plan("all").scopes[0]?.changes).toMatchObject([{ id: "eve" }, { id: "nia" }]);
  });

  test("of an org are refused while it is protected, and before it was archived", () => {
    const gone = declared("org", "", { slug: "acme", templates: [], status: "deleted" });
    const plan = (before: Record<string, boolean | string>) =>
      planOf({
        desired: { orgs: [desiredScope("acme", [gone])] },
        actual: {
          orgs: [actualScope("acme", "o1", [owned("org", "o1", { slug: "acme", templates: [], ...before })])],
        },
      }).findings.map(({ code }) => code);
    expect(plan({ status: "active", protected: false })).toEqual(["not-archived"]);
    expect(plan({ status: "archived", protected: true })).toEqual(["protected"]);
    expect(plan({ status: "archived", protected: false })).toEqual([]);
  });

  test("are refused for a section that is no longer written, and let go where it is released", () => {
    const rows = [acmeRow, owned("member", "m1", ana)];
    const without = (released: string[]) =>
      planOf({
        desired: {
          orgs: [desiredScope("acme", [acme], { sections: new Set(["org"]), released: new Set(released) })],
        },
        actual: { orgs: [actualScope("acme", "o1", rows)] },
      });
    expect(without([]).findings).toMatchObject([{ code: "dropped-section", subject: "acme/members" }]);
    expect(without([]).scopes).toEqual([]);
    expect(without(["members"]).findings).toEqual([]);
    expect(without(["members"]).scopes[0]?.changes).toMatchObject([
      { action: "update", id: "m1", managed: null },
    ]);
  });

  test("never reach an org or a workspace by absence", () => {
    const web = owned("workspace", "w1", { slug: "web" });
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme])] },
      actual: {
        orgs: [
          actualScope("acme", "o1", [acmeRow, web]),
          actualScope("globex", "o2", [owned("org", "o2", { slug: "globex" })]),
          actualScope("hooli", "o3", [foreign("org", "o3", { slug: "hooli" })]),
        ],
      },
    });
    expect(plan.scopes).toEqual([]);
    expect(plan.findings).toMatchObject([
      { code: "undeclared-workspace", subject: "acme/workspace/web" },
      { code: "undeclared-org", subject: "globex" },
    ]);
  });

  test("are refused for a role that somebody holds whom the manifests do not own", () => {
    const role = owned("role", "r1", { name: "auditor" });
    const held = {
      member: "m1",
      team: null,
      catalog_role: null,
      role: "r1",
      workspace: null,
      environment: null,
      resource: null,
    };
    const rows = [acmeRow, role, foreign("member", "m1", ana)];
    const plan = (binding: ReturnType<typeof owned>) =>
      planOf({
        desired: { orgs: [desiredScope("acme", [acme])] },
        actual: { orgs: [actualScope("acme", "o1", [...rows, binding])] },
      });
    expect(plan(foreign("binding", "b1", held)).findings).toMatchObject([
      { code: "role-in-use", subject: "acme/role/auditor" },
    ]);
    expect(plan(owned("binding", "b1", held)).findings).toEqual([]);
  });
});

describe("renames", () => {
  test("are one update, and the references to what is renamed stay as they are", () => {
    const member = { ...ana, key: "di@acme.example", email: "di@acme.example" };
    const old = { ...ana, key: "di@old.example", email: "di@old.example" };
    const team = { name: "release", parent: null };
    const plan = planOf({
      desired: {
        orgs: [
          desiredScope("acme", [
            acme,
            declared("member", member.key, member, ["di@old.example"]),
            declared("team", "release", team),
            declared("team_member", `release:${member.key}`, {
              team: "release",
              member: member.key,
              role: "member",
            }),
          ]),
        ],
      },
      actual: {
        orgs: [
          actualScope("acme", "o1", [
            acmeRow,
            owned("member", "m1", old),
            owned("team", "t1", team),
            owned("team_member", "tm1", { team: "t1", member: "m1", role: "member" }),
          ]),
        ],
      },
    });
    expect(plan.scopes[0]?.changes).toMatchObject([
      {
        action: "update",
        id: "m1",
        key: "di@acme.example",
        fields: [
          { field: "key", before: "di@old.example", after: "di@acme.example" },
          { field: "email", before: "di@old.example", after: "di@acme.example" },
        ],
      },
    ]);
  });

  test("of an org keep its id", () => {
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme], { previously: ["acme-corp"] })] },
      actual: {
        orgs: [actualScope("acme-corp", "o1", [owned("org", "o1", { slug: "acme-corp", templates: [] })])],
      },
    });
    expect(plan.scopes).toMatchObject([
      {
        org: "acme",
        orgId: "o1",
        changes: [{ action: "update", fields: [{ field: "slug", before: "acme-corp", after: "acme" }] }],
      },
    ]);
  });

  test("are refused where both names are there", () => {
    const plan = planOf({
      desired: {
        orgs: [desiredScope("acme", [acme, declared("role", "auditor", { name: "auditor" }, ["checker"])])],
      },
      actual: {
        orgs: [
          actualScope("acme", "o1", [
            acmeRow,
            owned("role", "r1", { name: "auditor" }),
            owned("role", "r2", { name: "checker" }),
          ]),
        ],
      },
    });
    expect(plan.findings).toMatchObject([{ code: "rename-clash", subject: "acme/role/auditor" }]);
  });

  test("find a member by the user id where the address is new", () => {
    const row = owned("member", "m1", { ...ana, user_id: "user_1" });
    const moved = { ...ana, key: "ana@new.example", email: "ana@new.example", user_id: "user_1" };
    const plan = planOf({
      desired: { orgs: [desiredScope("acme", [acme, declared("member", moved.key, moved)])] },
      actual: { orgs: [actualScope("acme", "o1", [acmeRow, row])] },
    });
    expect(plan.scopes[0]?.changes).toMatchObject([{ action: "update", id: "m1" }]);
  });
});

test("a published plan version in use cannot change, and one that nobody has can", () => {
  const version = { plan: "team", version: 1, price: null };
  const plan = (users: ReturnType<typeof owned>[]) =>
    planOf({
      desired: {
        catalog: desiredScope(null, [
          declared("plan", "team", { name: "team" }),
          declared("plan_version", "team@1", {
            ...version,
            price: { monthly: { amount: "39.00", currency: "USD" } },
          }),
        ]),
        orgs: [desiredScope("acme", [acme])],
      },
      actual: {
        catalog: actualScope(null, catalogId, [
          owned("plan", "p1", { name: "team" }),
          owned("plan_version", "v1", { ...version, plan: "p1" }),
        ]),
        orgs: [actualScope("acme", "o1", [acmeRow, ...users])],
      },
    });
  expect(plan([]).findings).toEqual([]);
  const subscription = foreign("subscription", "s1", { product: "x", plan: "v1" });
  expect(plan([subscription]).findings).toMatchObject([
    { code: "plan-version-in-use", subject: "catalog/plan/team@1" },
  ]);
});

test("the plan carries what it was made from", () => {
  const plan = planOf({ desired: {}, actual: { orgs: [actualScope("hooli", "o3", [], 12)] } });
  expect(plan.base).toEqual({
    epoch: "epoch",
    revision: 7,
    counters: new Map([
      [catalogId, 1],
      ["o3", 12],
    ]),
  });
});
