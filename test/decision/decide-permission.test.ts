import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../src/decision/compile-org.ts";
import { decidePermission } from "../../src/decision/decide-permission.ts";
import { type Question, questionOf } from "../../src/decision/question.ts";
import type { FieldsOf } from "../../src/model/field.ts";
import type { Grant } from "../../src/model/grant.ts";
import type { Resource } from "../../src/model/state.ts";
import { acmeId, allow, ask, catalogResources, declare, deny, now, orgRow, when } from "./acme-cloud.ts";

const ana = "ana@acme.example";
const member = (fields: Partial<FieldsOf<"member">> = {}) =>
  declare("member", { key: ana, email: ana, ...fields });
const holds = (catalog_role: string, on: Partial<FieldsOf<"binding">> = {}) =>
  declare("binding", { member: ana, catalog_role, ...on });
const places = [
  declare("workspace", { slug: "web" }),
  declare("workspace", { slug: "api" }),
  declare("environment", { workspace: "web", slug: "live" }),
  declare("environment", { workspace: "web", slug: "dev" }),
  declare("environment", { workspace: "api", slug: "live" }),
];
const spec = declare("resource", {
  type: "document",
  name: "spec",
  workspace: "web",
  attributes: { status: "live" },
});

const may = (permission: string, resources: readonly Resource[], said: Partial<Question> = {}) =>
  decidePermission(ask([...places, member(), ...resources], { member: ana, ...said }), permission);
const documentOf = (status: string) => ({ type: "document", id: null, attributes: { status } });

describe("roles", () => {
  test("what a role grants, and by which binding", () => {
    expect(may("org:read", [holds("member")])).toEqual({
      kind: "permission",
      isAllowed: true,
      reason: "granted",
      decidedBy: "catalog/role/member#grants/0",
      through: "acme/binding/ana@acme.example:member",
    });
  });

  test("what nobody grants", () => {
    expect(may("billing:read", [holds("member")])).toEqual({
      kind: "permission",
      isAllowed: false,
      reason: "not-granted",
      decidedBy: null,
      through: null,
    });
    expect(may("org:read", []).reason).toBe("not-granted");
  });

  test.each([
    ["owner", ["org:read", "org:update", "members:read", "members:invite", "billing:read", "billing:change"]],
    ["admin", ["org:read", "org:update", "members:read", "members:invite"]],
    ["member", ["org:read", "members:read"]],
    ["reader", ["org:read", "members:read", "billing:read"]],
    ["editor", []],
    ["constructor", []],
  ])("%s", (role, expected) => {
    const all = [
      "org:read",
      "org:update",
      "members:read",
      "members:invite",
      "billing:read",
      "billing:change",
    ];
    expect(all.filter((permission) => may(permission, [holds(role)]).isAllowed)).toEqual(expected);
  });

  test("an inherited grant is the role's where it is declared", () => {
    expect(may("org:read", [holds("admin")]).decidedBy).toBe("catalog/role/member#grants/0");
  });

  test("an org's own role may inherit the catalog's, and circles end", () => {
    const own = [
      declare("role", { name: "auditor", inherits: ["member", "chief"], grants: [allow("billing:read")] }),
      declare("role", { name: "chief", inherits: ["auditor"], grants: [allow("org:update")] }),
      declare("binding", { member: ana, role: "auditor" }),
    ];
    expect(may("billing:read", own).decidedBy).toBe("acme/role/auditor#grants/0");
    expect(may("org:read", own).decidedBy).toBe("catalog/role/member#grants/0");
    expect(may("org:update", own).decidedBy).toBe("acme/role/chief#grants/0");
    expect(may("billing:change", own).isAllowed).toBe(false);
  });

  test("a catalog role and an org's role of one name are told apart", () => {
    const own = declare("role", { name: "member", grants: [allow("billing:change")] });
    expect(may("billing:change", [own, holds("member")]).isAllowed).toBe(false);
    expect(may("billing:change", [own, declare("binding", { member: ana, role: "member" })]).isAllowed).toBe(
      true,
    );
  });

  test("names that objects inherit are ordinary unknown names", () => {
    for (const name of ["constructor", "__proto__", "toString", "org:constructor", "*:*", "org:*", ""]) {
      expect(may(name, [holds("owner")])).toMatchObject({ isAllowed: false, reason: "unknown-permission" });
      expect(may("org:read", [holds("owner")], { member: name })).toMatchObject({
        isAllowed: false,
        reason: "unknown-member",
      });
    }
  });
});

describe("deny", () => {
  test("beats allow, in whichever role it stands", () => {
    const resources = [holds("owner"), holds("no_deletion", { workspace: "web" })];
    expect(may("document:delete", resources, { workspace: "web" })).toEqual({
      kind: "permission",
      isAllowed: false,
      reason: "denied",
      decidedBy: "catalog/role/no_deletion#grants/0",
      through: "acme/binding/ana@acme.example:no_deletion@web",
    });
    expect(may("document:delete", resources, { workspace: "api" }).isAllowed).toBe(true);
  });

  test("an unknown allow never allows", () => {
    const resources = [holds("editor", { workspace: "web" })];
    const asked = (resource: Question["resource"]) =>
      may("document:write", resources, { workspace: "web", resource });
    expect(asked(documentOf("draft")).isAllowed).toBe(true);
    expect(asked(documentOf("archived"))).toMatchObject({ isAllowed: false, reason: "not-granted" });
    expect(asked(null)).toMatchObject({
      isAllowed: false,
      reason: "undetermined",
      decidedBy: "catalog/role/editor#grants/1",
      through: "acme/binding/ana@acme.example:editor@web",
    });
  });

  test("an unknown deny always denies", () => {
    const resources = [holds("owner"), holds("editor", { workspace: "web" })];
    const asked = (resource: Question["resource"]) =>
      may("document:delete", resources, { workspace: "web", resource });
    expect(asked(documentOf("draft")).isAllowed).toBe(true);
    expect(asked(documentOf("live")).reason).toBe("denied");
    expect(asked(null)).toMatchObject({
      isAllowed: false,
      reason: "denied",
      decidedBy: "catalog/role/editor#grants/2",
    });
  });

  const conditions = {
    true: when("org.region", "in", ["eu"]),
    false: when("org.region", "in", ["us"]),
    unknown: when("org.employees", "above", 1),
  };
  const grants = fc.array(
    fc.record({
      effect: fc.constantFrom("allow" as const, "deny" as const),
      permission: fc.constantFrom("org:read", "org:*", "*:read", "*:*", "members:read"),
      truth: fc.constantFrom("always" as const, "true" as const, "false" as const, "unknown" as const),
    }),
    { maxLength: 5 },
  );
  type Given = typeof grants extends fc.Arbitrary<readonly (infer G)[]> ? G : never;
  const grantOf = ({ effect, permission, truth }: Given): Grant => ({
    effect,
    permission,
    if: truth === "always" ? null : conditions[truth],
  });

  test("allowed is what something allows for certain and nothing might deny", () => {
    fc.assert(
      fc.property(grants, grants, (first, second) => {
        const resources = [first, second].flatMap((each, index) => [
          declare("role", { name: `role-${index}`, grants: each.map(grantOf) }),
          declare("binding", { member: ana, role: `role-${index}` }),
        ]);
        const naming = [...first, ...second].filter(({ permission }) => permission !== "members:read");
        const isDenied = naming.some((grant) => grant.effect === "deny" && grant.truth !== "false");
        const isGranted = naming.some(
          (grant) => grant.effect === "allow" && ["always", "true"].includes(grant.truth),
        );
        const decision = may("org:read", resources);
        expect(decision.isAllowed).toBe(isGranted && !isDenied);
        expect(decision.reason === "denied").toBe(isDenied);
      }),
    );
  });
});

describe("scopes", () => {
  const web = { workspace: "web" };
  const live = { environment: "web/live" };

  test.each<[string, Partial<FieldsOf<"binding">>, string, Partial<Question>, boolean]>([
    ["editor", { workspace: "web" }, "document:read", web, true],
    ["editor", { workspace: "web" }, "document:read", live, true],
    ["editor", { workspace: "web" }, "document:read", { workspace: "api" }, false],
    ["editor", { workspace: "web" }, "deployment:run", live, true],
    ["editor", { workspace: "web" }, "deployment:run", { environment: "api/live" }, false],
    ["member", { workspace: "web" }, "org:read", web, false],
    ["editor", {}, "document:read", web, false],
    ["editor", {}, "deployment:run", live, false],
    ["owner", {}, "document:read", web, true],
    ["owner", {}, "deployment:run", live, true],
    ["owner", { workspace: "web" }, "org:read", web, false],
    ["editor", { environment: "web/live" }, "deployment:run", live, true],
    ["editor", { environment: "web/live" }, "deployment:run", { environment: "web/dev" }, false],
    ["editor", { environment: "web/live" }, "document:read", live, false],
    ["editor", { environment: "web/live" }, "document:read", web, false],
    ["member", { environment: "web/live" }, "org:read", live, false],
  ])("%s held at %j: %s at %j is %s", (role, on, permission, said, expected) => {
    expect(may(permission, [holds(role, on)], said).isAllowed).toBe(expected);
  });

  test("inheriting from a role that reaches across does not make a role reach across", () => {
    const own = declare("role", { name: "deputy", inherits: ["owner"] });
    const resources = [own, declare("binding", { member: ana, role: "deputy" })];
    expect(may("org:update", resources).isAllowed).toBe(true);
    expect(may("document:read", resources, web).isAllowed).toBe(false);
  });

  test.each([
    [{ workspace: "nowhere" }, "unknown-workspace"],
    [{ environment: "web/nowhere" }, "unknown-environment"],
    [{ workspace: "api", environment: "web/live" }, "wrong-place"],
  ])("asked at %j it is a no, even for owners", (said, reason) => {
    expect(may("document:read", [holds("owner")], said)).toMatchObject({ isAllowed: false, reason });
    expect(may("org:read", [holds("owner")], said)).toMatchObject({ isAllowed: false, reason });
  });

  test("without a place, roles held in places do not count, and say so", () => {
    expect(may("document:read", [holds("editor", web)])).toMatchObject({
      isAllowed: false,
      reason: "place-needed",
    });
    expect(may("deployment:run", [holds("editor", { environment: "web/live" })], web).reason).toBe(
      "place-needed",
    );
    expect(may("deployment:run", [holds("editor", web)], web).isAllowed).toBe(true);
    expect(may("document:read", [holds("owner")]).isAllowed).toBe(true);
  });

  test("without a place, what denies in some place denies", () => {
    expect(may("document:delete", [holds("owner"), holds("no_deletion", web)])).toMatchObject({
      isAllowed: false,
      reason: "place-needed",
    });
    expect(may("document:read", [holds("owner"), holds("no_deletion", web)]).isAllowed).toBe(true);
    const own = declare("role", { name: "frozen", grants: [deny("deployment:run")] });
    const frozen = declare("binding", { member: ana, role: "frozen", environment: "web/live" });
    const run = (said: Partial<Question>) =>
      may("deployment:run", [holds("owner"), own, frozen], said).isAllowed;
    expect([run({}), run(web), run(live)]).toEqual([false, false, false]);
    expect([run({ workspace: "api" }), run({ environment: "web/dev" })]).toEqual([true, true]);
  });
});

describe("known resources", () => {
  const asked = { type: "document", id: "spec", attributes: null };

  test("a role held on a resource counts for it alone", () => {
    const resources = [
      spec,
      declare("resource", { type: "document", name: "plan" }),
      holds("editor", { resource: "document/spec" }),
    ];
    const read = (id: string) => may("document:read", resources, { resource: { ...asked, id } }).isAllowed;
    expect([read("spec"), read("plan"), read("constructor")]).toEqual([true, false, false]);
  });

  test("a role held on a resource gives no permissions of other types", () => {
    const resources = [spec, holds("owner", { resource: "document/spec" })];
    expect(may("document:read", resources, { resource: asked }).isAllowed).toBe(true);
    expect(may("org:read", resources, { resource: asked }).isAllowed).toBe(false);
    expect(may("deployment:run", resources, { resource: asked, environment: "web/live" }).isAllowed).toBe(
      false,
    );
  });

  test("a known resource brings its workspace", () => {
    expect(
      may("document:read", [spec, holds("editor", { workspace: "web" })], { resource: asked }).isAllowed,
    ).toBe(true);
    expect(
      may("document:read", [spec, holds("editor", { workspace: "api" })], { resource: asked }).isAllowed,
    ).toBe(false);
  });

  test("conditions ask about the place where a known resource is, named or not", () => {
    const note = declare("resource", { type: "document", name: "note", environment: "web/live" });
    const resources = [
      spec,
      note,
      declare("entitlement", { feature: "seats", workspace: "web", value: 0 }),
      declare("role", {
        name: "guest",
        grants: [
          allow("document:read", when("org.entitlements.seats", "above", 0)),
          allow("document:write", when("environment.slug", "in", ["live"])),
          allow("document:delete"),
          deny("document:delete", when("environment.slug", "present", true)),
        ],
      }),
      declare("binding", { member: ana, role: "guest", workspace: "web" }),
    ];
    const answers = (permission: string, id: string) =>
      [{}, { workspace: "web" }, { environment: "web/live" }].map(
        (at) => may(permission, resources, { resource: { ...asked, id }, ...at }).isAllowed,
      );
    expect(answers("document:read", "spec")).toEqual([false, false, false]);
    expect(answers("document:write", "note")).toEqual([true, true, true]);
    expect(answers("document:delete", "note")).toEqual([false, false, false]);
    expect(may("document:delete", resources, { resource: asked }).isAllowed).toBe(true);
  });

  test("a known resource cannot be asked about where it is not", () => {
    const resources = [spec, holds("editor", { workspace: "api" })];
    expect(may("document:read", resources, { resource: asked, workspace: "api" })).toMatchObject({
      isAllowed: false,
      reason: "wrong-place",
    });
    const inLive = declare("resource", { type: "document", name: "note", environment: "web/live" });
    const said = { resource: { ...asked, id: "note" } };
    const everywhere = [inLive, holds("owner")];
    expect(may("document:read", everywhere, { ...said, environment: "web/dev" }).reason).toBe("wrong-place");
    expect(may("document:read", everywhere, { ...said, workspace: "api" }).reason).toBe("wrong-place");
    expect(may("document:read", everywhere, { ...said, environment: "web/live" }).isAllowed).toBe(true);
    expect(may("document:read", [inLive, holds("editor", { workspace: "web" })], said).isAllowed).toBe(true);
  });

  test("what the estate knows beats what the caller claims", () => {
    const claim = { ...asked, attributes: { status: "draft" } };
    const resources = [spec, holds("owner"), holds("editor", { workspace: "web" })];
    expect(may("document:delete", resources, { resource: claim }).reason).toBe("denied");
  });

  test("attributes of another type of resource are not looked at", () => {
    const resource = { type: "folder", id: null, attributes: { status: "draft" } };
    expect(
      may("document:write", [holds("editor", { workspace: "web" })], { workspace: "web", resource }).reason,
    ).toBe("undetermined");
  });
});

describe("teams", () => {
  const teams = [
    declare("team", { name: "company" }),
    declare("team", { name: "product", parent: "company" }),
    declare("team", { name: "design", parent: "product" }),
    declare("team_member", { team: "product", member: ana }),
  ];
  const teamHolds = (team: string, catalog_role: string) => declare("binding", { team, catalog_role });

  test("members hold what their team and those above it hold, and nothing of those below", () => {
    const read = (team: string) => may("org:read", [...teams, teamHolds(team, "member")]);
    expect([read("company"), read("product"), read("design")].map(({ isAllowed }) => isAllowed)).toEqual([
      true,
      true,
      false,
    ]);
    expect(read("company").through).toBe("acme/binding/team company:member");
  });

  test("what is held directly and by a team is held directly", () => {
    const resources = [...teams, teamHolds("product", "member"), holds("member")];
    expect(may("org:read", resources).through).toBe("acme/binding/ana@acme.example:member");
  });

  test("a team's deny denies", () => {
    const denying = declare("role", { name: "none", grants: [deny("org:read")] });
    const resources = [
      ...teams,
      holds("owner"),
      denying,
      declare("binding", { team: "company", role: "none" }),
    ];
    expect(may("org:read", resources).reason).toBe("denied");
  });

  test("a circle of teams ends", () => {
    const circle = [
      declare("team", { name: "a", parent: "b" }),
      declare("team", { name: "b", parent: "a" }),
      declare("team_member", { team: "a", member: ana }),
    ];
    expect(may("org:read", [...circle, teamHolds("b", "member")]).isAllowed).toBe(true);
  });

  test("a team named like a member's key is not the member", () => {
    expect(may("org:read", [declare("binding", { team: ana, catalog_role: "owner" })]).isAllowed).toBe(false);
  });
});

describe("who asks", () => {
  const decide = (resources: readonly Resource[], said: Partial<Question>) =>
    decidePermission(ask([...resources, holds("member")], said), "org:read");

  test("a member goes by address, in any case, and by user id, in its own", () => {
    const resources = [member({ user_id: "user_2aB" })];
    for (const name of [ana, "Ana@ACME.example", "user_2aB"]) {
      expect(decide(resources, { member: name }).isAllowed).toBe(true);
    }
    for (const name of ["user_2ab", "bo@acme.example", "", "ana"]) {
      expect(decide(resources, { member: name })).toMatchObject({
        isAllowed: false,
        reason: "unknown-member",
      });
    }
    expect(decide(resources, { member: null }).reason).toBe("unknown-member");
  });

  test("an address of other letters is another's, though their lower case is the same", () => {
    const kim = declare("member", { key: "kim@acme.example", email: "kim@acme.example" });
    expect(decide([kim], { member: "KIM@acme.example" }).reason).toBe("not-granted");
    expect(decide([kim], { member: "\u212Aim@acme.example" }).reason).toBe("unknown-member");
  });

  test("a user id never takes over another's address, in any case", () => {
    const impostor = declare("member", { key: "eve@acme.example", user_id: ana.toUpperCase() });
    const resources = [impostor, member()];
    expect(decide(resources, { member: ana.toUpperCase() }).isAllowed).toBe(true);
    expect(decide([impostor], { member: ana.toUpperCase() }).reason).not.toBe("unknown-member");
  });

  test("a user id never takes over another's key", () => {
    const impostor = declare("member", { key: "eve@acme.example", user_id: ana });
    for (const resources of [
      [impostor, member()],
      [member(), impostor],
    ]) {
      expect(decide(resources, { member: ana }).isAllowed).toBe(true);
      expect(decide(resources, { member: "eve@acme.example" }).isAllowed).toBe(false);
    }
  });

  test("a suspended member may do nothing", () => {
    expect(decide([member({ status: "suspended" })], { member: ana })).toMatchObject({
      isAllowed: false,
      reason: "member-suspended",
      decidedBy: "acme/member/ana@acme.example",
    });
  });

  test.each(["suspended", "archived", "deleted"])("in an org that is %s nobody may do anything", (status) => {
    expect(decide([orgRow({ status }), member()], { member: ana })).toMatchObject({
      isAllowed: false,
      reason: "org-not-active",
      decidedBy: "acme",
    });
  });

  test("where a second factor is required, a request must have one", () => {
    const resources = [member(), declare("security", { require_mfa: true })];
    expect(decide(resources, { member: ana })).toMatchObject({
      isAllowed: false,
      reason: "mfa-required",
      decidedBy: "acme/security",
    });
    for (const mfa of [false, "true", 1])
      expect(decide(resources, { member: ana, request: { mfa } }).reason).toBe("mfa-required");
    expect(decide(resources, { member: ana, request: { mfa: true } }).isAllowed).toBe(true);
    expect(decide([member(), declare("security", { require_mfa: false })], { member: ana }).isAllowed).toBe(
      true,
    );
  });

  test("an application has no second factor to show", () => {
    const resources = [member({ type: "service" }), declare("security", { require_mfa: true })];
    expect(decide(resources, { member: ana }).isAllowed).toBe(true);
  });
});

test("action.name is the action of the permission that is asked for", () => {
  const catalog = compileCatalog([
    ...catalogResources,
    declare("catalog_role", {
      name: "opener",
      grants: [allow("members:*", when("action.name", "in", ["read"]))],
    }),
  ]);
  const org = compileOrg(catalog, { id: acmeId, slug: "acme", resources: [member(), holds("opener")] });
  const question = questionOf({ org, now, member: ana, action: { name: "read" } });
  expect(decidePermission(question, "members:read").isAllowed).toBe(true);
  expect(decidePermission(question, "members:invite").isAllowed).toBe(false);
});
