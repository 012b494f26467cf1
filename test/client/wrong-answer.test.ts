import { describe, expect, test } from "vitest";
import type { Trouble } from "../../src/client/client.ts";
import { clientOf } from "./listening-server.ts";
import { mockServer, yes } from "./mock-server.ts";

const permission = { kind: "permission", permission: "a", allowed: true };
const decided = { reason: "granted", decided_by: null, through: null };
const good = { ...permission, ...decided };
const from = (answer: unknown) => ({ org: "acme", revision: 1, answers: [answer], answer, explanation: {} });

/** Bodies with status 200 that are no answer to whether somebody has the permission `a`. */
const wrong: Readonly<Record<string, unknown>> = {
  "an empty object": {},
  "a list": [1],
  null: null,
  "a text": "yes",
  "no answers": { ...from(good), answers: [], answer: undefined },
  "answers that are none": { ...from(good), answers: { 0: good, length: 1 }, answer: [good] },
  "an answer that is null": from(null),
  "an answer to another kind": from({ kind: "flag", flag: "a", value: true, variant: null, ...decided }),
  "an answer to another question": from({ ...good, permission: "b" }),
  "an allowed that is text": from({ ...good, allowed: "false" }),
  "an allowed that is a number": from({ ...good, allowed: 1 }),
  "no reason": from({ ...good, reason: undefined }),
  "a decider that is no text": from({ ...good, decided_by: 1 }),
  "no revision": { ...from(good), revision: undefined },
  "a revision that is text": { ...from(good), revision: "1" },
  "a revision beyond counting": { ...from(good), revision: 1e300 },
  "a revision with a fraction": { ...from(good), revision: 1.5 },
};

describe("what is no answer counts as none", () => {
  for (const [name, body] of Object.entries(wrong)) {
    test(name, async () => {
      let isWrong = true;
      const told: Trouble[] = [];
      const server = mockServer(({ path }) => {
        if (path === "/livez") return null;
        return isWrong ? Response.json(body ?? null, { headers: { "tenantry-revision": "1" } }) : null;
      });
      const client = clientOf({
        ...server,
        org: "acme",
        cacheFor: 0,
        onTrouble: (trouble) => told.push(trouble),
      });
      const query = { permission: "a", member: "ana" };
      expect(await client.can("ana", "a")).toBe(false);
      expect(told).toMatchObject([{ kind: "cut-off", error: { code: "unavailable" } }]);
      expect(client.standing().isCutOff).toBe(true);
      expect(await client.check([query])).toMatchObject([{ allowed: false, reason: "unavailable" }]);
      expect(await client.explain(query)).toMatchObject({
        answer: { allowed: false, reason: "unavailable" },
        explanation: {},
      });
      expect(await client.entitled("sso")).toBe(false);
      expect(await client.flag("beta", {}, "mine" as never)).toBe("mine");
      isWrong = false;
      expect(await client.can("ana", "a")).toBe(true);
      expect(client.standing()).toMatchObject({ revision: 1, isCutOff: false });
    });
  }

  test("an entitlement and a flag, too", async () => {
    const bodies = [
      { kind: "entitlement", entitlement: "sso", entitled: "false", value: null, ...decided },
      { kind: "entitlement", entitlement: "sso", entitled: true, ...decided },
      { kind: "flag", flag: "beta", variant: null, ...decided },
      { kind: "flag", flag: "beta", value: true, variant: 1, ...decided },
    ];
    const client = clientOf({ ...mockServer(() => Response.json(from(bodies.shift()))), cacheFor: 0 });
    const org = client.org("acme");
    expect([await org.entitled("sso"), await org.entitled("sso")]).toEqual([false, false]);
    expect([await org.flag("beta", {}, null), await org.flag("beta", {}, false)]).toEqual([null, false]);
    expect(bodies).toEqual([]);
  });

  test("headers that are no numbers tell of nothing", async () => {
    const headers = { "tenantry-revision": "1e999", "tenantry-age": "old" };
    let isFirst = true;
    const server = mockServer(({ questions }) => {
      const answer = yes(questions);
      if (isFirst) for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
      isFirst = false;
      return answer;
    });
    const client = clientOf({ ...server, org: "acme", cacheFor: 0 });
    expect([await client.can("ana", "a"), await client.can("ana", "a")]).toEqual([true, true]);
    expect(client.standing().age).toBeLessThan(10_000);
  });
});
