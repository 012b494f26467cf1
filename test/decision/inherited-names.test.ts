import { describe, expect, test } from "vitest";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../src/decision/compile-org.ts";
import { decideEntitlement } from "../../src/decision/decide-entitlement.ts";
import { decideFlag } from "../../src/decision/decide-flag.ts";
import { decidePermission } from "../../src/decision/decide-permission.ts";
import { decideRateLimit } from "../../src/decision/decide-rate-limit.ts";
import { planInForce } from "../../src/decision/plan-in-force.ts";
import type { Question } from "../../src/decision/question.ts";
import { questionOf } from "../../src/decision/question.ts";
import type { Condition } from "../../src/model/condition.ts";
import { acme, allow, ask, catalogResources, declare, deny, now, orgRow, rule, when } from "./acme-cloud.ts";

const ana = "ana@acme.example";
const rows = [
  declare("member", { key: ana, email: ana }),
  declare("binding", { member: ana, catalog_role: "owner" }),
];

// What every object inherits is nobody's and nothing's name.
describe.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])("%s", (name) => {
  const asked = (said: Partial<Question>) =>
    decidePermission(ask(rows, { member: ana, ...said }), "document:read");

  test("as a member, permission, flag, feature, rate limit or product is unknown", () => {
    expect(asked({ member: name }).reason).toBe("unknown-member");
    expect(decidePermission(ask(rows, { member: ana }), name).reason).toBe("unknown-permission");
    expect(decidePermission(ask(rows, { member: ana }), `${name}:${name}`).reason).toBe("unknown-permission");
    expect(decideFlag(ask(rows), name)).toMatchObject({ value: null, reason: "unknown-flag" });
    expect(decideEntitlement(ask(rows), name)).toMatchObject({
      isEntitled: false,
      reason: "unknown-feature",
    });
    expect(decideRateLimit(acme(rows), name, now)).toBeNull();
    expect(planInForce(acme(rows), name, now)).toBeNull();
  });

  test("as a place is unknown, and as a resource is one that the estate knows nothing of", () => {
    expect(asked({ workspace: name }).reason).toBe("unknown-workspace");
    expect(asked({ environment: name }).reason).toBe("unknown-environment");
    expect(asked({ environment: `${name}/${name}` }).reason).toBe("unknown-environment");
    expect(decideFlag(ask(rows, { workspace: name }), "new_dashboard").reason).toBe("unknown-workspace");
    expect(asked({ resource: { type: name, id: name, attributes: null } }).through).toBe(
      "acme/binding/ana@acme.example:owner",
    );
  });

  test("as a role, team or status in rows grants nothing", () => {
    const odd = [
      declare("member", { key: ana }),
      declare("team", { name, parent: name }),
      declare("team_member", { team: name, member: ana }),
      declare("binding", { member: ana, catalog_role: name }),
      declare("binding", { team: name, role: name }),
    ];
    expect(decidePermission(ask(odd, { member: ana }), "org:read").reason).toBe("not-granted");
    expect(decideFlag(ask([orgRow({ status: name })]), "new_dashboard").reason).not.toBe("unknown-flag");
    expect(
      decidePermission(ask([orgRow({ status: name }), ...rows], { member: ana }), "org:read").reason,
    ).toBe("org-not-active");
  });

  test("as an attribute is missing, wherever it is asked", () => {
    const resources = [
      ...catalogResources,
      ...["org", "member", "request", "subject", "action", "document"].map((subject) =>
        declare("attribute", { subject, name, type: "text" }),
      ),
      ...["org", "member", "request", "subject", "action", "resource"].map((subject) =>
        declare("catalog_role", {
          name: `by_${subject}`,
          grants: [
            allow("document:read", present(`${subject}.${name}`)),
            deny("document:write", present("org.id")),
          ],
        }),
      ),
      declare("flag", {
        name: "asking",
        default: false,
        salt: "asking",
        rules: [rule({ if: present(`org.${name}`), serve: true })],
      }),
    ];
    const catalog = compileCatalog(resources);
    for (const subject of ["org", "member", "request", "subject", "action", "resource"]) {
      const org = compileOrg(catalog, {
        id: null,
        slug: "acme",
        resources: [
          declare("member", { key: ana }),
          declare("workspace", { slug: "web" }),
          declare("resource", { type: "document", name: "spec", workspace: "web" }),
          declare("binding", { member: ana, catalog_role: `by_${subject}`, workspace: "web" }),
        ],
      });
      const question = questionOf({
        org,
        now,
        member: ana,
        workspace: "web",
        resource: { type: "document", id: "spec", attributes: {} },
        subject: {},
        action: {},
        request: {},
      });
      expect(decidePermission(question, "document:read").reason).toBe("not-granted");
      expect(decideFlag(question, "asking").value).toBe(false);
    }
  });

  test("as a permission, member, flag, feature and place that do exist is itself", () => {
    const catalog = compileCatalog([
      declare("permission", { resource_type: name, action: name, scope: "workspace" }),
      declare("catalog_role", { name, grants: [allow(`${name}:*`)] }),
      declare("feature", { name, type: "switch" }),
      declare("flag", { name, default: 7, salt: name, rules: [] }),
    ]);
    const org = compileOrg(catalog, {
      id: null,
      slug: name,
      resources: [
        declare("member", { key: name }),
        declare("workspace", { slug: name }),
        declare("binding", { member: name, catalog_role: name, workspace: name }),
        declare("entitlement", { feature: name, value: true }),
      ],
    });
    const question = questionOf({ org, now, member: name, workspace: name });
    expect(decidePermission(question, `${name}:${name}`)).toMatchObject({
      isAllowed: true,
      through: `${name}/binding/${name}:${name}@${name}`,
    });
    expect(decideFlag(question, name).value).toBe(7);
    expect(decideEntitlement(question, name)).toMatchObject({ isEntitled: true });
  });
});

function present(attribute: string): Condition {
  return when(attribute, "present", true);
}
