import { expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { serveEstate } from "../serve-estate.ts";
import { acme, askAuthzen, evaluation, inherited, mfa, policy, user } from "./ask-authzen.ts";

const ana = user("ana@acme.example");
const cy = user("cy@contractor.example");
const action = (name: string) => ({ name });
const yes = { action: action("org:read") };
const no = { action: action("org:explode") };

eachEngine("AuthZEN evaluations", (open) => {
  test("are answered in order, each with the defaults for what it does not say", async () => {
    const { app } = await serveEstate(await open());
    const response = await askAuthzen(app, "evaluations", {
      ...evaluation("ana@acme.example", "org:read", acme),
      evaluations: [{}, { subject: cy }, { action: action("read"), resource: policy }, { context: {} }],
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      evaluations: [
        { decision: true, context: { reason: "granted", revision: 1 } },
        { decision: false, context: { reason: "not-granted" } },
        { decision: true },
        { decision: false, context: { reason: "mfa-required" } },
      ],
    });
  });

  test("replace a default whole, with nothing merged below", async () => {
    const { app } = await serveEstate(await open());
    const claimed = { type: "document", id: "new", properties: { workspace: "web", status: "draft" } };
    const response = await askAuthzen(app, "evaluations", {
      subject: cy,
      action: action("write"),
      resource: claimed,
      context: { mfa: true },
      evaluations: [
        {},
        { resource: { type: "document", id: "new" } },
        { context: { ip_country: "DE" } },
        { resource: { id: "other" } },
        { subject: { id: "ana@acme.example" } },
        { subject: null },
      ],
    });
    expect(response.json().evaluations).toMatchObject([
      { decision: true },
      { decision: false, context: { reason: "place-needed" } },
      { decision: false, context: { reason: "mfa-required" } },
      { decision: false, context: { error: { status: 400, message: "resource.type has to be a text." } } },
      { decision: false, context: { error: { status: 400, message: "subject.type has to be a text." } } },
      { decision: false, context: { error: { status: 400, message: "subject has to be an object." } } },
    ]);
  });

  test("end with the one that decides, where the semantics say so", async () => {
    const { app } = await serveEstate(await open());
    const ask = async (evaluations_semantic: string | undefined, evaluations: unknown[]) => {
      const options = { evaluations_semantic, unknown: 1 };
      const payload = { subject: ana, resource: acme, ...mfa, options, evaluations };
      const response = await askAuthzen(app, "evaluations", payload);
      return response.json().evaluations.map(({ decision }: { decision: boolean }) => decision);
    };
    for (const all of [undefined, "execute_all"])
      expect(await ask(all, [yes, no, yes, no])).toEqual([true, false, true, false]);
    expect(await ask("deny_on_first_deny", [yes, no, yes, no])).toEqual([true, false]);
    expect(await ask("deny_on_first_deny", [yes, 5, yes])).toEqual([true, false]);
    expect(await ask("deny_on_first_deny", [yes, yes])).toEqual([true, true]);
    expect(await ask("permit_on_first_permit", [no, {}, yes, no])).toEqual([false, false, true]);
    expect(await ask("permit_on_first_permit", [no, no])).toEqual([false, false]);
  });

  test("that are invalid are a no with the error, and leave the others theirs", async () => {
    const { app } = await serveEstate(await open());
    const wrong: [unknown, string][] = [
      [5, "The evaluation has to be an object."],
      [null, "The evaluation has to be an object."],
      [[yes], "The evaluation has to be an object."],
      [{}, "action is missing, here and among the defaults."],
      [{ action: "org:read" }, "action has to be an object."],
      [{ action: [] }, "action has to be an object."],
      [{ action: {} }, "action.name has to be a text."],
      [{ action: { name: 1 } }, "action.name has to be a text."],
      [{ action: { name: "org:read", properties: [] } }, "action.properties has to be an object."],
      [{ ...yes, subject: { type: "user" } }, "subject.id has to be a text."],
      [{ ...yes, resource: { type: 7, id: "x" } }, "resource.type has to be a text."],
      [
        { ...yes, resource: { type: "org", id: "acme", properties: null } },
        "resource.properties has to be an object.",
      ],
      [{ ...yes, context: "mfa" }, "context has to be an object."],
      [{ ...yes, context: null }, "context has to be an object."],
    ];
    const payload = { subject: ana, resource: acme, ...mfa };
    const response = await askAuthzen(app, "evaluations", {
      ...payload,
      evaluations: [...wrong.map(([item]) => item), { ...yes, beside: { the: "point" } }],
    });
    expect(response.statusCode).toBe(200);
    expect(response.json().evaluations).toMatchObject([
      ...wrong.map(([, message]) => ({ decision: false, context: { error: { status: 400, message } } })),
      { decision: true },
    ]);
    const missing = await askAuthzen(app, "evaluations", { evaluations: [yes] });
    expect(missing.json().evaluations[0].context.error.message).toMatch(/^subject is missing/);
  });

  test("are one evaluation where there are none", async () => {
    const { app } = await serveEstate(await open());
    const whole = evaluation("ana@acme.example", "org:read", acme);
    const single = await askAuthzen(app, "evaluation", whole);
    for (const evaluations of [undefined, []]) {
      const response = await askAuthzen(app, "evaluations", { ...whole, evaluations });
      expect(response.json()).toEqual(single.json());
      for (const key of ["subject", "action", "resource"]) {
        const without = await askAuthzen(app, "evaluations", { ...whole, evaluations, [key]: undefined });
        expect(without.statusCode).toBe(400);
        expect(without.json()).toMatchObject({ at: `/${key}`, detail: expect.stringContaining(key) });
      }
    }
  });

  test("refuse what is wrong with the request as a whole", async () => {
    const { app } = await serveEstate(await open());
    const whole = { ...evaluation("ana@acme.example", "org:read", acme), evaluations: [{}] };
    for (const wrong of [
      { evaluations: {} },
      { evaluations: null },
      { evaluations: "all" },
      { options: [] },
      { options: { evaluations_semantic: "at_random" } },
      { options: { evaluations_semantic: "constructor" } },
      { subject: { type: "user" } },
      { action: {} },
      { resource: "acme" },
      { context: [] },
    ])
      expect((await askAuthzen(app, "evaluations", { ...whole, ...wrong })).statusCode).toBe(400);
    const most = await askAuthzen(app, "evaluations", { ...whole, evaluations: Array(1_000).fill({}) });
    expect(most.json().evaluations).toHaveLength(1_000);
    const more = await askAuthzen(app, "evaluations", { ...whole, evaluations: Array(1_001).fill({}) });
    expect(more.statusCode).toBe(400);
    for (const name of inherited) {
      const text = JSON.stringify({ ...whole, evaluations: [{ x: 1 }] }).replace('"x"', JSON.stringify(name));
      const response = await app.inject({
        method: "POST",
        url: "/v1/orgs/acme/access/v1/evaluations",
        headers: { "content-type": "application/json" },
        payload: text,
      });
      expect(response.json()).toMatchObject({ evaluations: [{ decision: true }] });
    }
  });
});
