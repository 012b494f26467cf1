import { expect, test } from "vitest";
import { eachEngine } from "../engines.ts";
import { post } from "./answers.ts";
import { serveEstate } from "./serve-estate.ts";

const ana = "ana@acme.example";
const inherited = ["constructor", "__proto__", "toString", "hasOwnProperty"];

eachEngine("the native API's check", (open) => {
  test("answers permissions, flags and entitlements in order, each in its own shape", async () => {
    const served = await serveEstate(await open());
    const { status, headers, body } = await post(served, "/v1/orgs/acme/check", {
      questions: [
        { entitlement: "api_calls" },
        { permission: "members:invite", member: ana, context: { mfa: true } },
        { flag: "new_dashboard" },
        { entitlement: "seats" },
      ],
    });
    expect(status).toBe(200);
    expect(headers["tenantry-revision"]).toBe("1");
    expect(body).toEqual({
      org: "acme",
      revision: 1,
      answers: [
        {
          kind: "entitlement",
          entitlement: "api_calls",
          entitled: true,
          value: { amount: 250_000, per: "month" },
          reason: "override",
          decided_by: "acme/entitlement/api_calls",
          through: null,
        },
        {
          kind: "permission",
          permission: "members:invite",
          allowed: true,
          reason: "granted",
          decided_by: "catalog/role/owner#grants/0",
          through: `acme/binding/${ana}:owner`,
        },
        {
          kind: "flag",
          flag: "new_dashboard",
          value: true,
          variant: null,
          reason: "override",
          decided_by: "acme/flag/new_dashboard",
        },
        {
          kind: "entitlement",
          entitlement: "seats",
          entitled: true,
          value: "unlimited",
          reason: "plan",
          decided_by: "catalog/plan/enterprise@1",
          through: "acme/subscription/platform",
        },
      ],
    });
  });

  test("takes what a question does not say from the request, and its place from there or the path", async () => {
    const served = await serveEstate(await open());
    const dashboard = async (url: string, body: object) => {
      const { answers } = (await post(served, url, body)).body;
      return answers.map(({ value, reason }: { value: unknown; reason: string }) => `${value} ${reason}`);
    };
    const flag = "new_dashboard";
    const here = "/v1/orgs/acme/check";
    const live = "/v1/orgs/acme/environments/web/live/check";
    // In web/live the flag is off, and on everywhere else.
    expect(await dashboard(live, { questions: [{ flag }, { flag, environment: "web/dev" }] })).toEqual([
      "false override",
      "true override",
    ]);
    expect(await dashboard(here, { environment: "web/live", questions: [{ flag }] })).toEqual([
      "false override",
    ]);
    // A workspace that is named nearer leaves the environment behind, though it would be in it.
    expect(await dashboard(live, { workspace: "web", questions: [{ flag }] })).toEqual(["true override"]);
    expect(await dashboard(live, { questions: [{ flag, workspace: "web" }] })).toEqual(["true override"]);
    expect(
      await dashboard(live, { questions: [{ flag, workspace: "no", environment: "web/live" }] }),
    ).toEqual(["false unknown-workspace"]);

    const permission = "members:invite";
    const { answers } = (
      await post(served, here, {
        member: ana,
        context: { mfa: true },
        questions: [
          { permission },
          { permission, context: {} },
          { permission, member: "user_2ab9" },
          { permission, member: "ANA@Acme.Example" },
        ],
      })
    ).body;
    expect(answers.map(({ reason }: { reason: string }) => reason)).toEqual([
      "granted",
      "mfa-required",
      "member-suspended",
      "granted",
    ]);
  });

  test("judges conditions by what is said of a resource, unless the estate knows it", async () => {
    const served = await serveEstate(await open());
    const asked = (id: string) => ({
      permission: "document:write",
      resource: { type: "document", id, attributes: { status: "draft" } },
    });
    const remove = { permission: "document:delete", resource: { type: "document", id: "returns-policy" } };
    const { body } = await post(served, "/v1/orgs/acme/check", {
      member: "cy@contractor.example",
      context: { mfa: true },
      workspace: "web",
      questions: [
        asked("new"),
        { permission: "document:write", resource: { type: "document" } },
        { ...remove, resource: { ...remove.resource, attributes: { status: "draft" } } },
      ],
    });
    expect(body.answers).toMatchObject([
      { allowed: true, reason: "granted" },
      { allowed: false, reason: "undetermined" },
      { allowed: false, reason: "denied", decided_by: "catalog/role/editor#grants/2" },
    ]);
  });

  test("takes what is unknown for a no, names that objects inherit too", async () => {
    const served = await serveEstate(await open());
    const context = { mfa: true };
    for (const name of ["nothing", ...inherited]) {
      const { status, body } = await post(served, "/v1/orgs/acme/check", {
        questions: [
          { permission: name, member: ana, context },
          { permission: "org:read", member: name, context },
          { permission: "org:read", member: ana, workspace: name, context },
          { permission: "org:read", member: ana, environment: `${name}/live`, context },
          { flag: name },
          { flag: "new_dashboard", environment: name },
          { entitlement: name },
          { entitlement: "seats", workspace: name },
        ],
      });
      expect(status).toBe(200);
      expect(body.answers.map(({ reason }: { reason: string }) => reason)).toEqual([
        "unknown-permission",
        "unknown-member",
        "unknown-workspace",
        "unknown-environment",
        "unknown-flag",
        "unknown-environment",
        "unknown-feature",
        "unknown-workspace",
      ]);
      expect(body.answers[4]).toMatchObject({ value: null, variant: null, decided_by: null });
      expect(body.answers[6]).toMatchObject({ entitled: false, value: null });
    }
    const claimed = `{"questions":[{"permission":"org:read","member":"${ana}","context":{"__proto__":{"mfa":true}}}]}`;
    const { payload } = await served.app.inject({
      method: "POST",
      url: "/v1/orgs/acme/check",
      headers: { "content-type": "application/json" },
      payload: claimed,
    });
    expect(JSON.parse(payload).answers[0].reason).toBe("mfa-required");
  });

  test("says at which place a request does not fit, and what would", async () => {
    const served = await serveEstate(await open());
    const cases: readonly (readonly [object, string, string])[] = [
      [{}, "", 'The body: "questions" is missing.'],
      [[], "", "The body: It has to be an object."],
      [{ questions: [] }, "/questions", "At /questions: It needs 1 entry at least."],
      [
        { questions: Array(1_001).fill({ flag: "x" }) },
        "/questions",
        "At /questions: It may have 1,000 entries at most, and has 1,001.",
      ],
      [
        { questions: [{ flag: "a" }, { flag: "a", permission: "b" }] },
        "/questions/1",
        'At /questions/1: It has to say exactly one of "permission", "flag" and "entitlement", and says "permission" and "flag".',
      ],
      [
        { questions: [{ member: ana }] },
        "/questions/0",
        'At /questions/0: It has to say exactly one of "permission", "flag" and "entitlement", and says none of them.',
      ],
      [
        { questions: [{ flga: "a" }] },
        "/questions/0",
        'At /questions/0: There is no "flga" here. Did you mean "flag"?',
      ],
      [{ questions: [{ flag: 7 }] }, "/questions/0/flag", "At /questions/0/flag: It has to be text."],
      [
        { questions: [{ flag: "a" }], membr: ana },
        "/membr",
        'At /membr: There is no "membr" here. Did you mean "member"?',
      ],
      [
        { questions: [{ flag: "a", resource: { id: "1" } }] },
        "/questions/0/resource",
        'At /questions/0/resource: "type" is missing.',
      ],
      [
        { questions: [{ flag: "a", toString: "b" }] },
        "/questions/0/toString",
        'At /questions/0/toString: There is no "toString" here. There are "permission", "flag", "entitlement", "member", "workspace", "environment", "resource" and "context".',
      ],
      [
        { questions: [{ flag: "a", resource: { type: "b", "~/\u0007": 1 } }] },
        "/questions/0/resource/~0~1\u0007",
        'At /questions/0/resource/~0~1␇: There is no "~/␇" here. There are "type", "id" and "attributes".',
      ],
    ];
    for (const [asked, at, detail] of cases) {
      const { status, headers, body } = await post(served, "/v1/orgs/acme/check", asked);
      expect(headers["content-type"]).toBe("application/problem+json");
      expect({ status, ...body }).toEqual({
        type: "urn:tenantry:problem:bad-request",
        title: "The request cannot be read",
        status: 400,
        detail,
        at,
      });
    }
    const full = { questions: Array(1_000).fill({ flag: "new_dashboard" }) };
    expect((await post(served, "/v1/orgs/acme/check", full)).body.answers).toHaveLength(1_000);
  });
});
