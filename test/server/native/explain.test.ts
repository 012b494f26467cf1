import { expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { get, post } from "../answers.ts";
import { serveEstate } from "../serve-estate.ts";

const questions = [
  { permission: "members:invite", member: "ana@acme.example", context: { mfa: true } },
  { permission: "document:write", member: "cy@contractor.example", workspace: "web" },
  { permission: "nothing", member: "nobody" },
  { flag: "new_dashboard" },
  { flag: "checkout", member: "ana@acme.example", environment: "web/live" },
  { flag: "nothing" },
  ...["api_calls", "seats", "sso", "support", "nothing"].map((entitlement) => ({ entitlement })),
];

eachEngine("an explanation", (open) => {
  test("has the answer that check gives, everywhere, and what was looked at", async () => {
    const served = await serveEstate(await open());
    for (const base of ["/v1/orgs/acme", "/v1/orgs/acme/environments/web/live", "/v1/orgs/globex"]) {
      for (const question of questions) {
        const checked = await post(served, `${base}/check`, { questions: [question] });
        const { status, body } = await post(served, `${base}/explain`, question);
        const { org, revision, answers } = checked.body;
        expect({ status, body }).toEqual({
          status: 200,
          body: { org, revision, answer: answers[0], explanation: expect.any(Object) },
        });
      }
    }
    const { body } = await post(served, "/v1/orgs/acme/explain", questions[0] as object);
    expect(body.explanation.checks).toContainEqual(
      expect.objectContaining({ check: expect.any(String), passed: true }),
    );
    expect(body.explanation.roles[0]).toMatchObject({ role: "owner" });
  });

  test("is of exactly one question, and counts as no decision", async () => {
    const served = await serveEstate(await open());
    for (const wrong of [{}, { flag: "checkout", permission: "members:invite" }, { questions: [] }]) {
      expect((await post(served, "/v1/orgs/acme/explain", wrong)).status).toBe(400);
    }
    await post(served, "/v1/orgs/acme/explain", { flag: "checkout" });
    expect((await served.app.inject("/metrics")).body).not.toContain('kind="flag"');
    expect((await get(served, "/v1/orgs/acme/explain")).status).toBe(405);
  });
});
