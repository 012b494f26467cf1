import { expect, test } from "vitest";
import { decidePermission } from "../../../src/decision/decide-permission.ts";
import { questionOf } from "../../../src/decision/question.ts";
import type { OrgSnapshot } from "../../../src/decision/snapshot.ts";
import { eachEngine } from "../../engines.ts";
import { type ServedEstate, serveEstate } from "../serve-estate.ts";
import { acme, askAuthzen, evaluation, inherited, policy, user } from "./ask-authzen.ts";

const live = "/v1/orgs/acme/environments/web/live";

eachEngine("an AuthZEN evaluation", (open) => {
  test("says the decision, its reason, what decided it and the revision", async () => {
    const { app } = await serveEstate(await open());
    const allowed = await askAuthzen(app, "evaluation", evaluation("ana@acme.example", "org:update", acme));
    expect(allowed.statusCode).toBe(200);
    expect(allowed.headers["content-type"]).toMatch(/^application\/json\b/);
    expect(allowed.json()).toEqual({
      decision: true,
      context: {
        reason: "granted",
        decided_by: "catalog/role/owner#grants/0",
        through: "acme/binding/ana@acme.example:owner",
        revision: 1,
      },
    });
    const denied = await askAuthzen(app, "evaluation", evaluation("cy@contractor.example", "delete", policy));
    expect(denied.statusCode).toBe(200);
    expect(denied.json()).toMatchObject({
      decision: false,
      context: { reason: "denied", through: "acme/binding/cy@contractor.example:editor@web" },
    });
    const again = await askAuthzen(app, "evaluation", evaluation("cy@contractor.example", "delete", policy));
    expect(again.body).toBe(denied.body);
  });

  test("finds subjects by address in any case or by user id, and only of their type", async () => {
    const { app } = await serveEstate(await open(), { files: withService });
    const ask = async (subject: object) => {
      const asked = { subject, action: { name: "org:read" }, resource: { type: "org", id: "hooli" } };
      return (await askAuthzen(app, "evaluation", asked, "/v1/orgs/hooli")).json();
    };
    const yes = { decision: true };
    const unknown = { decision: false, context: { reason: "unknown-member", decided_by: null } };
    expect(await ask(user("gus@hooli.example"))).toMatchObject(yes);
    expect(await ask(user("GUS@Hooli.Example"))).toMatchObject(yes);
    expect(await ask(user("user_7"))).toMatchObject(yes);
    expect(await ask({ type: "member", id: "user_7" })).toMatchObject(yes);
    expect(await ask({ type: "service", id: "robot" })).toMatchObject(yes);
    expect(await ask({ type: "member", id: "robot" })).toMatchObject(yes);
    expect(await ask({ type: "service", id: "user_7" })).toMatchObject(unknown);
    expect(await ask(user("robot"))).toMatchObject(unknown);
    for (const type of ["User", "group", "", ...inherited])
      expect(await ask({ type, id: "user_7" })).toMatchObject(unknown);
    for (const id of ["nobody@hooli.example", "", ...inherited])
      expect(await ask({ type: "member", id })).toMatchObject(unknown);
  });

  test("takes an action by its whole name or as one of the resource's type", async () => {
    const { app } = await serveEstate(await open());
    const ask = async (action: string, resource: object) =>
      (await askAuthzen(app, "evaluation", evaluation("ana@acme.example", action, resource))).json();
    expect(await ask("write", policy)).toMatchObject({ decision: true });
    expect(await ask("document:write", policy)).toMatchObject({ decision: true });
    expect(await ask("invite", { type: "members", id: "all" })).toMatchObject({ decision: true });
    expect(await ask("members:invite", acme)).toMatchObject({ decision: true });
    expect(await ask("document:write", { type: "workspace", id: "web" })).toMatchObject({ decision: true });
    const unknown = { decision: false, context: { reason: "unknown-permission" } };
    for (const action of ["invite", "document:invite", "*", "document:*", "", ...inherited])
      expect(await ask(action, policy)).toMatchObject(unknown);
    for (const type of ["unicorn", "", ...inherited])
      expect(await ask("write", { type, id: "returns-policy" })).toMatchObject(unknown);
  });

  test("asks at the place that path, resource and properties agree on", async () => {
    const { app } = await serveEstate(await open());
    const ask = async (id: string, [action, resource]: [string, object], base?: string) => {
      const response = await askAuthzen(app, "evaluation", evaluation(id, action, resource), base);
      const { decision, context } = response.json();
      return decision || context.reason;
    };
    const cy = "cy@contractor.example";
    const deployment = (properties?: object) => ({ type: "deployment", id: "d1", properties });
    expect(await ask(cy, ["create", deployment()])).toBe("place-needed");
    expect(await ask(cy, ["create", deployment()], live)).toBe(true);
    expect(await ask(cy, ["create", deployment({ environment: "web/live" })])).toBe(true);
    expect(await ask(cy, ["create", deployment({ environment: "web/dev" })])).toBe("not-granted");
    expect(await ask(cy, ["deployment:create", { type: "environment", id: "web/live" }])).toBe(true);
    expect(await ask(cy, ["document:read", { type: "workspace", id: "web" }])).toBe(true);
    expect(await ask(cy, ["document:read", { type: "workspace", id: "web" }], live)).toBe(true);
    expect(await ask(cy, ["read", { type: "document", id: "new", properties: { workspace: "web" } }])).toBe(
      true,
    );

    for (const properties of [{ environment: "web/dev" }, { workspace: "shop" }, { workspace: "" }])
      expect(await ask(cy, ["create", deployment(properties)], live)).toBe("wrong-place");
    expect(await ask(cy, ["deployment:create", { type: "environment", id: "web/dev" }], live)).toBe(
      "wrong-place",
    );
    expect(
      await ask(cy, [
        "document:read",
        { type: "workspace", id: "web", properties: { workspace: "shop", environment: "web/live" } },
      ]),
    ).toBe("wrong-place");
    for (const id of ["shop", "", ...inherited]) {
      expect(await ask(cy, ["document:read", { type: "workspace", id }])).toBe("unknown-workspace");
      expect(await ask(cy, ["document:read", { type: "environment", id }])).toBe("unknown-environment");
    }
    // Names that are no text name no place; conditions may ask about them all the same.
    expect(await ask(cy, ["create", deployment({ environment: ["web/live"], workspace: 1 })])).toBe(
      "place-needed",
    );
    expect(await ask(cy, ["create", deployment()], "/v1/orgs/acme/environments/web/toString")).toBe(
      "unknown-environment",
    );
  });

  test("never answers about one org at the decision point of another", async () => {
    const { app, estate } = await serveEstate(await open());
    const about = async (id: string) =>
      (
        await askAuthzen(app, "evaluation", evaluation("ana@acme.example", "read", { type: "org", id }))
      ).json();
    const { id } = estate.org("acme") as OrgSnapshot;
    expect(await about("acme")).toMatchObject({ decision: true });
    expect(await about(id as string)).toMatchObject({ decision: true });
    const other = await about("globex");
    expect(other).toMatchObject({ decision: false, context: { reason: "unknown-org", decided_by: null } });
    for (const name of ["nobody", "", ...inherited]) expect(await about(name)).toEqual(other);
  });

  test("gives conditions the properties as claims, the context as the request, and lets facts win", async () => {
    const { app } = await serveEstate(await open());
    const write = async (properties: object | undefined, id = "new") => {
      const resource = { type: "document", id, properties };
      const asked = evaluation("cy@contractor.example", "write", resource);
      return (await askAuthzen(app, "evaluation", asked)).json().context.reason;
    };
    expect(await write({ workspace: "web", status: "draft" })).toBe("granted");
    expect(await write({ workspace: "web", status: "archived" })).toBe("not-granted");
    expect(await write({ workspace: "web" })).toBe("undetermined");
    for (const status of [null, 1, ["draft"], { in: "draft" }])
      expect(await write({ workspace: "web", status })).not.toBe("granted");
    expect(await write({ status: "archived" }, "returns-policy")).toBe("granted");
    expect(await write({ workspace: "shop" }, "returns-policy")).toBe("unknown-workspace");
    const { context: _, ...withoutFactor } = evaluation("ana@acme.example", "org:read", acme);
    for (const context of [
      undefined,
      {},
      { mfa: "true" },
      { mfa: 1 },
      JSON.parse('{"__proto__":{"mfa":true}}'),
    ])
      expect((await askAuthzen(app, "evaluation", { ...withoutFactor, context })).json().context.reason).toBe(
        "mfa-required",
      );
  });

  test("asks conditions about who asks and the request, and takes no property for type or id", async () => {
    const { app } = await serveEstate(await open(), { files: withConditions });
    const ask = async (action: object, subject: object = {}, context: object = {}) => {
      const asked = { subject: { type: "user", id: "gus@hooli.example", ...subject }, action, context };
      const resource = { type: "report", id: "r1" };
      const response = await askAuthzen(app, "evaluation", { ...asked, resource }, "/v1/orgs/hooli");
      return response.json().decision;
    };
    expect(await ask({ name: "share" }, {}, { ip_country: "DE" })).toBe(true);
    expect(await ask({ name: "share" }, {}, { ip_country: "US" })).toBe(false);
    expect(await ask({ name: "sign" })).toBe(true);
    expect(await ask({ name: "sign" }, { properties: { id: "nobody@hooli.example", type: "service" } })).toBe(
      true,
    );
    expect(await ask({ name: "seal" }, { properties: { id: "nobody@hooli.example" } })).toBe(false);
    expect(await ask({ name: "seal" }, { properties: { type: "service" } })).toBe(false);
  });

  test("answers as the engine does for every member, permission and resource", async () => {
    const { app, estate, clock } = await serveEstate(await open());
    for (const slug of ["acme", "globex", "initech"]) {
      const org = estate.org(slug) as OrgSnapshot;
      await compare(app, org, clock.now);
    }
  });
});

/** With and without a second factor, at every place, on what is known and on what is claimed. */
async function compare(app: ServedEstate["app"], org: OrgSnapshot, now: number) {
  const places = [
    {},
    ...[...org.workspaces].map((workspace) => ({ workspace })),
    ...[...org.environments.keys()].map((environment) => ({ environment })),
  ];
  const documents = ["returns-policy", "new"].flatMap((id) =>
    [{}, { status: "draft" }, { status: "live" }].map((properties) => ({ id, properties })),
  );
  for (const member of new Set([...org.members.values()].map(({ key }) => key))) {
    for (const context of [{ mfa: true }, {}]) {
      const asked = [...org.catalog.permissions.values()].flatMap(({ key, type }) =>
        places.flatMap((place) =>
          documents.map(({ id, properties }) => ({
            permission: key,
            resource: {
              type: type === "org" ? "document" : type,
              id,
              properties: { ...properties, ...place },
            },
            place,
          })),
        ),
      );
      const payload = {
        subject: { type: "member", id: member },
        context,
        evaluations: asked.map(({ permission: name, resource }) => ({ action: { name }, resource })),
      };
      const response = await askAuthzen(app, "evaluations", payload, `/v1/orgs/${org.slug}`);
      const expected = asked.map(({ permission, resource: { type, id, properties }, place }) => {
        const resource = { type, id, attributes: properties };
        const question = questionOf({ org, now, member, resource, request: context, ...place });
        const { isAllowed, reason, decidedBy, through } = decidePermission(question, permission);
        const answered = { reason, decided_by: decidedBy, through, revision: 1 };
        return { decision: isAllowed, context: answered };
      });
      expect(response.json().evaluations).toEqual(expected);
    }
  }
}

const withService = {
  "catalog.yaml": `apiVersion: tenantry/v1
catalog: hooli
permissions: { org: [read] }
roles: { reader: { grants: [org:read] } }
`,
  "orgs/hooli.yaml": `apiVersion: tenantry/v1
org: hooli
members:
  gus@hooli.example: { id: user_7, roles: reader }
  robot: { type: service, roles: reader }
`,
};

const withConditions = {
  "catalog.yaml": `apiVersion: tenantry/v1
catalog: hooli
attributes:
  request: { ip_country: text }
permissions: { report: [share, sign, seal] }
roles:
  reader:
    grants:
      - { allow: report:share, if: { request.ip_country: DE } }
      - { allow: report:sign, if: { subject.id: gus@hooli.example, subject.type: user } }
      - { allow: report:seal, if: { any: [{ subject.id: nobody@hooli.example }, { subject.type: service }] } }
`,
  "orgs/hooli.yaml": `apiVersion: tenantry/v1
org: hooli
members:
  gus@hooli.example: { id: user_7, roles: reader }
`,
};
