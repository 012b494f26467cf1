import { expect, test } from "vitest";
import { createClient } from "../../src/client/create-client.ts";
import { eachEngine } from "../engines.ts";
import { clientOf, listeningServer, until } from "./listening-server.ts";

const ana = "ana@acme.example";
const withMfa = { context: { mfa: true } };

const renamed = (name: string) => ({
  "orgs/hooli.yaml": `apiVersion: tenantry/v1\norg: hooli\nname: ${name}\nmembers: { gil@hooli.example: owner }\n`,
});

eachEngine("a client over HTTP", (open) => {
  test("answers permissions, flags and entitlements, and explains", async () => {
    const { url } = await listeningServer(await open());
    const client = clientOf({ url, org: "acme" });
    expect(await client.can(ana, "members:invite", undefined, withMfa)).toBe(true);
    expect(await client.can(ana, "members:invite")).toBe(false);
    expect(await client.can(null, "members:invite")).toBe(false);
    expect(await client.flag("new_dashboard", { environment: "web/live" }, true)).toBe(false);
    expect(await client.flag("new_dashboard", {}, "a text")).toBe("a text");
    expect(await client.flag("nothing", {}, "mine")).toBe("mine");
    expect(await client.entitled("sso")).toBe(true);
    expect(await client.entitled("nothing")).toBe(false);
    expect(
      await client.check([
        { permission: "members:invite", member: ana },
        { flag: "nothing" },
        { entitlement: "seats" },
      ]),
    ).toMatchObject([
      { kind: "permission", allowed: false, reason: "mfa-required", decidedBy: "acme/security" },
      { kind: "flag", value: null, reason: "unknown-flag", decidedBy: null },
      { kind: "entitlement", entitled: true, reason: "plan" },
    ]);
    const query = { permission: "members:invite", member: ana, ...withMfa };
    const { answer, explanation } = await client.explain(query);
    expect(answer).toEqual((await client.check([query]))[0]);
    expect(explanation).toMatchObject({ roles: [{ role: "owner" }] });
    expect(client.standing()).toMatchObject({ revision: 1, isCutOff: false });
  });

  test("says no for an org that is not there, however it is called", async () => {
    const { url, asked } = await listeningServer(await open());
    const client = clientOf({ url });
    for (const slug of [
      "nothing",
      "",
      ".",
      "..",
      "a/b",
      "acme/check?",
      "%2e%2e",
      "\0",
      "acme\ud800",
      "a".repeat(2_000),
    ]) {
      const org = client.org(slug);
      expect(await org.can(ana, "members:invite", undefined, withMfa)).toBe(false);
      const answers = await org.check([{ flag: "new_dashboard" }, { entitlement: "sso" }]);
      expect(answers).toMatchObject([
        { kind: "flag", value: null, reason: "unknown-org" },
        { kind: "entitlement", entitled: false, value: null, reason: "unknown-org" },
      ]);
      expect((await org.explain({ flag: "new_dashboard" })).answer).toMatchObject({ reason: "unknown-org" });
    }
    expect(asked.filter((each) => !each.startsWith("POST /v1/orgs/"))).toEqual([]);
    expect(client.standing().isCutOff).toBe(false);
  });

  test("asks what is asked in one tick in one call, and the same once", async () => {
    const { url, asked } = await listeningServer(await open());
    const client = clientOf({ url, org: "acme", cacheFor: 0 });
    const answers = await Promise.all([
      client.can(ana, "members:invite", undefined, withMfa),
      client.can(ana, "members:invite", undefined, withMfa),
      Promise.resolve().then(() => client.entitled("sso")),
      client.org("globex").entitled("sso"),
      client.check(Array.from({ length: 999 }, (_, at) => ({ flag: `flag-${at}` }))),
    ]);
    expect(answers.slice(0, 4)).toEqual([true, true, true, false]);
    expect(answers[4]).toHaveLength(999);
    // A thousand questions are as many as one call takes.
    expect(asked.sort()).toEqual([
      "POST /v1/orgs/acme/check",
      "POST /v1/orgs/acme/check",
      "POST /v1/orgs/globex/check",
    ]);
    await expect(client.check(Array(1_001).fill({ flag: "a" }))).rejects.toThrow(RangeError);
    await expect(client.check([{} as never])).rejects.toThrow(TypeError);
    expect(await client.check([])).toEqual([]);
  });

  test.each(["localhost:4600", "ftp://localhost", "", undefined])("refuses %j as a URL", (url) => {
    expect(() => createClient({ url: url as string })).toThrow("createClient needs `url`");
  });

  test("asks over the connection that is there", async () => {
    const { url, app, asked } = await listeningServer(await open());
    let connections = 0;
    app.server.on("connection", () => connections++);
    const client = clientOf({ url, org: "acme", cacheFor: 0 });
    for (let time = 0; time < 20; time++) await client.can(ana, "members:invite");
    expect(asked).toHaveLength(20);
    expect(connections).toBe(1);
  });

  test("does not let one caller's faulty question spoil another's", async () => {
    const { url } = await listeningServer(await open());
    const client = clientOf({ url, org: "acme" });
    const [faulty, sound] = await Promise.allSettled([
      client.can(5 as never, "members:invite"),
      client.entitled("sso"),
    ]);
    expect(faulty).toMatchObject({ status: "rejected", reason: { name: "QuestionRefused" } });
    expect(sound).toEqual({ status: "fulfilled", value: true });
    expect(client.standing().isCutOff).toBe(false);
  });

  test("keeps answers until a later revision is seen, or they are too old", async () => {
    const served = await listeningServer(await open());
    const client = clientOf({ url: served.url, org: "acme", cacheFor: 60_000 });
    const { asked } = served;
    const ask = async () => {
      asked.length = 0;
      await client.can(ana, "members:invite", undefined, withMfa);
      return asked.length;
    };
    expect([await ask(), await ask()]).toEqual([1, 0]);
    expect(await client.can(ana, "members:invite")).toBe(false);
    await served.apply(renamed("Hooli"));
    await until(() => served.estate.state().revision === 2);
    expect(await ask()).toBe(0);
    // Another org's answer tells of the later revision.
    await client.org("hooli").entitled("sso");
    expect([await ask(), await ask()]).toEqual([1, 0]);
    const quick = clientOf({ url: served.url, org: "acme", cacheFor: 20 });
    await quick.entitled("sso");
    await new Promise((resolve) => setTimeout(resolve, 40));
    asked.length = 0;
    await quick.entitled("sso");
    expect(asked).toHaveLength(1);
  });
});
