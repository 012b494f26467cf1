import { expect, test } from "vitest";
import { catalogId } from "../../src/model/state.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planJson } from "../../src/view/plan-json.ts";
import { planText } from "../../src/view/plan-text.ts";
import { actualScope, declared, desiredScope, owned, planOf } from "../plan/estate.ts";

const view = {
  colour: false,
  width: 90,
  declaredAt: (org: string | null, path: readonly unknown[]) => `${org ?? "catalog"}.yaml:${path.length}`,
  about: "tenants with a database",
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
  expect(text(plan)).toBe(`tenantry plan   tenants with a database   2026-11-20 09:00Z

acme
  ~ member/bo@acme.example                                                     acme.yaml:2
      status  active → suspended
      roles  + admin, - owner
  + member/cy@acme.example  roles  editor                                      acme.yaml:2

5 rows in 1 org: 3 to create, 1 to update, 1 to delete.
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
      grants  - billing:read, + deny billing:change if resource.status is draft or live
`);
});

test("what stands in the way comes first, with what to do about it", () => {
  const plan = planOf({
    desired: { orgs: [] },
    actual: { orgs: [actualScope("hooli", "o3", [owned("org", "o3", { slug: "hooli" })])] },
  });
  expect(text(plan)).toBe(`tenantry plan   tenants with a database   2026-11-20 09:00Z

BLOCKED undeclared-org  hooli
  The manifests made the org "hooli" and declare it no more. Absence never deletes an org.
  Declare it again; with status: archived, if it is to end.

Nothing else would change. 1 blocked: nothing can be applied.
`);
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

test("the data says the same as the text", () => {
  const plan = planOf({
    desired: {
      orgs: [
        desiredScope("acme", [
          acme,
          declared("member", "bo@acme.example", { ...member("bo@acme.example"), status: "suspended" }),
        ]),
      ],
    },
    actual: {
      orgs: [actualScope("acme", "o1", [acmeRow, owned("member", "m1", member("bo@acme.example"))])],
    },
  });
  expect(planJson(plan, view.declaredAt)).toMatchObject({
    format: "tenantry/plan/v1",
    revision: 7,
    summary: { create: 0, update: 1, delete: 0 },
    changes: [
      {
        action: "update",
        address: "acme/member/bo@acme.example",
        at: "acme.yaml:2",
        fields: [{ field: "status", before: "active", after: "suspended" }],
      },
    ],
  });
});
