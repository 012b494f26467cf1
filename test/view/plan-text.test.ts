import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { columnsOf } from "../../src/diagnostic/printable.ts";
import { catalogId } from "../../src/model/state.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planText } from "../../src/view/plan-text.ts";
import { actualScope, declared, desiredScope, owned, planOf } from "../plan/estate.ts";
import { places, provenance, reviewed } from "./reviewed-plan.ts";

const view = {
  colour: false,
  width: 90,
  declaredAt: (org: string | null, path: readonly unknown[]) => `${org ?? "catalog"}.yaml:${path.length}`,
  about: { estate: "tenants with a database", provenance: null },
};

const text = (plan: Plan) => planText(plan, view);

const acme = declared("org", "", { slug: "acme", templates: [] });
const acmeRow = owned("org", "o1", { slug: "acme", templates: [] });
const role = (name: string) => owned("catalog_role", name, { name, grants: [], inherits: [] });
const roles = ["owner", "admin", "editor"];
const catalog = {
  desired: desiredScope(
    null,
    roles.map((name) => declared("catalog_role", name, { name, grants: [], inherits: [] })),
  ),
  actual: actualScope(null, catalogId, roles.map(role)),
};
const member = (key: string) => ({ key, email: key, type: "user", status: "active" });
const nowhere = { team: null, role: null, workspace: null, environment: null, resource: null };

test("roles that are held stand with their member, what is gained and lost apart", () => {
  const binding = (role: string) => ({ member: "bo@acme.example", ...nowhere, catalog_role: role });
  const plan = planOf({
    desired: {
      catalog: catalog.desired,
      orgs: [
        desiredScope("acme", [
          acme,
          declared("member", "bo@acme.example", { ...member("bo@acme.example"), status: "suspended" }),
          declared("binding", "bo@acme.example:admin", binding("admin")),
          declared("member", "cy@acme.example", member("cy@acme.example")),
          declared("binding", "cy@acme.example:editor", { ...binding("editor"), member: "cy@acme.example" }),
        ]),
      ],
    },
    actual: {
      catalog: catalog.actual,
      orgs: [
        actualScope("acme", "o1", [
          acmeRow,
          owned("member", "m1", member("bo@acme.example")),
          owned("binding", "b1", { ...binding("owner"), member: "m1" }),
        ]),
      ],
    },
  });
  expect(text(plan)).toBe(`tenantry plan   tenants with a database, revision 7   2026-11-20 09:00Z
2 changes · 1 to create, 1 to update · in 1 org

acme
  ~ member/bo@acme.example                                                     acme.yaml:2
      status  active → suspended
      roles   + admin, - owner
  + member/cy@acme.example  roles  editor                                      acme.yaml:2

Looked at 1 of 1 org (everything is read) · undo: tenantry revert 8
`);
});

test("what changes within lists and maps is told, and not the whole of them", () => {
  const grants = (...permissions: string[]) =>
    permissions.map((permission) => ({ effect: "allow", permission, if: null }));
  const live = { attribute: "resource.status", op: "in", value: ["draft", "live"] };
  const before = { name: "auditor", grants: grants("org:read", "billing:read") };
  const after = {
    name: "auditor",
    grants: [...grants("org:read"), { effect: "deny", permission: "billing:change", if: live }],
  };
  const plan = planOf({
    desired: {
      orgs: [
        desiredScope("acme", [
          declared("org", "", { slug: "acme", templates: [], attributes: { region: "us", employees: 3 } }),
          declared("role", "auditor", after),
        ]),
      ],
    },
    actual: {
      orgs: [
        actualScope("acme", "o1", [
          owned("org", "o1", { slug: "acme", templates: [], attributes: { region: "eu", employees: 3 } }),
          owned("role", "r1", before),
        ]),
      ],
    },
  });
  expect(text(plan)).toContain(`
acme
  ~ org           attributes.region  eu → us                                   acme.yaml:2
  ~ role/auditor                                                               acme.yaml:2
      grants
          org:read
        - billing:read
        + deny billing:change if resource.status is draft or live
`);
});

test("what stands in the way comes first, with what to do about it", () => {
  const plan = planOf({
    desired: { orgs: [] },
    actual: { orgs: [actualScope("hooli", "o3", [owned("org", "o3", { slug: "hooli" })])] },
  });
  expect(text(plan)).toBe(`tenantry plan   tenants with a database, revision 7   2026-11-20 09:00Z
No other changes · 1 blocked: nothing can be applied

BLOCKED undeclared-org  hooli
  The manifests made the org "hooli" and declare it no more. Absence never deletes an org.
  Declare it again, with status: archived if it is to end; or archive what is undeclared
  with --prune, or let it go with --forget hooli. There is no flag that lets it pass.

Looked at 0 of 0 orgs
`);
});

describe("the whole of it", () => {
  const impact =
    "What this decides\n  gains  billing:change   1,037 members in 412 orgs (1,020 directly, 17 by team)\n";
  const about = { estate: "estate production", provenance };

  test.each([80, 100, 120])("fits into %i columns", async (width) => {
    const shown = planText(reviewed, { ...places, colour: false, width, about, impact });
    await expect(shown).toMatchFileSnapshot(`expected/plan-${width}.txt`);
    for (const line of shown.split("\n")) expect(columnsOf(line)).toBeLessThanOrEqual(width);
  });

  test("is the same in colour, but for the colours", async () => {
    const coloured = planText(reviewed, { ...places, colour: true, width: 100, about, impact });
    await expect(coloured).toMatchFileSnapshot("expected/plan-in-colour.txt");
    const plain = planText(reviewed, { ...places, colour: false, width: 100, about, impact });
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});

test("where nothing changes, one line says so, and one what was looked at", () => {
  const looked = {
    orgs: 0,
    because: { source: 0, rows: 0, due: 0, catalog: 0, refresh: 0 },
    unmanagedSections: 0,
    dueElsewhere: 2,
  };
  const nothing: Plan = {
    ...reviewed,
    scopes: [],
    findings: [],
    allowed: [],
    notes: [],
    headroom: [],
    looked,
  };
  expect(text(nothing)).toBe(`tenantry plan   tenants with a database, revision 1841   2026-11-23 09:02Z
No changes. 412 orgs as declared.

Looked at 0 of 412 orgs · something lapses within 30 days in 2 orgs not looked at
`);
});

describe("what a line says of where and how", () => {
  const binding = { member: "bo@acme.example", ...nowhere };
  const boRow = owned("member", "m1", member("bo@acme.example"));
  const held = (role: string) =>
    owned("binding", `b-${role}`, { ...binding, member: "m1", catalog_role: role });

  test("a member whose roles alone move stands where the added one is declared", () => {
    const plan = planOf({
      desired: {
        catalog: catalog.desired,
        orgs: [
          desiredScope("acme", [
            acme,
            declared("member", "bo@acme.example", member("bo@acme.example")),
            declared("binding", "bo@acme.example:owner", { ...binding, catalog_role: "owner" }),
          ]),
        ],
      },
      actual: { catalog: catalog.actual, orgs: [actualScope("acme", "o1", [acmeRow, boRow, held("admin")])] },
    });
    expect(text(plan)).toMatch(/~ member\/bo@acme\.example {2}roles {2}- admin, \+ owner +acme\.yaml:2\n/);
  });

  test("a role that is let go with its member is not said to be adopted", () => {
    const plan = planOf({
      desired: {
        catalog: catalog.desired,
        orgs: [desiredScope("acme", [acme], { released: new Set(["members"]) })],
      },
      actual: { catalog: catalog.actual, orgs: [actualScope("acme", "o1", [acmeRow, boRow, held("admin")])] },
    });
    expect(text(plan)).toMatch(/let go: the row stays[^\n]*\n {6}roles {2}~ admin \(let go\)\n/);
  });

  test("an org that is new was looked at, and a catalog's change that has no org read anew reaches none", () => {
    const [catalogOnly, ...orgs] = reviewed.scopes;
    const none = { source: 0, rows: 0, due: 0, catalog: 0, refresh: 0 };
    const looked = { orgs: 2, because: { ...none, source: 2 }, unmanagedSections: 0, dueElsewhere: 0 };
    const plan: Plan = { ...reviewed, looked, scopes: [catalogOnly, ...orgs] as Plan["scopes"] };
    expect(text(plan)).toContain(" · in the catalog and 3 orgs");
    expect(text(plan)).not.toContain("reaches");
    const fresh = planOf({ desired: { orgs: [desiredScope("acme", [acme])] }, actual: { orgs: [] } });
    const first: Plan = { ...fresh, looked: { ...looked, orgs: 0, because: none } };
    expect(text(first)).toContain("Looked at 1 of 1 org (new)");
  });
});

test("names cannot steer the terminal", () => {
  const plan = planOf({
    desired: {
      orgs: [
        desiredScope("acme", [
          acme,
          declared("role", "\u001b[31mred", { name: "\u001b[31mred", description: "\u202eevil" }),
        ]),
      ],
    },
    actual: { orgs: [actualScope("acme", "o1", [acmeRow])] },
  });
  expect(text(plan)).not.toMatch(/[\u001b\u202e]/);
});
