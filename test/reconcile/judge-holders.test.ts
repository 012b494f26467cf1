import { describe, expect, test } from "vitest";
import { judgeHolders } from "../../src/reconcile/judge-holders.ts";
import { allow, declare } from "../decision/acme-cloud.ts";
import { catalogWith, judged, judging, member, owner } from "./judged-org.ts";

const owned = [member("ana"), owner("ana")];
const suspended = [member("ana", { status: "suspended" }), owner("ana")];
const service = [member("bot", { type: "service" }), owner("bot")];

const tooFew = (message: string) => ({
  code: "at-least",
  subject: "acme",
  message,
  help: "Leave or give owner to a member who can sign in; to let it pass once: --allow at-least:acme",
  canPass: true,
  at: { org: "acme", path: ["members"] },
});
const noSignIn = {
  code: "no-sign-in",
  subject: "acme",
  message: "acme would have no owner who can sign in: services alone hold that role.",
  help: "Leave or give owner to a member who can sign in; to let it pass once: --allow no-sign-in:acme",
  canPass: true,
  at: { org: "acme", path: ["members"] },
};

describe("an org that keeps its owner", () => {
  test("is left in peace, whoever else goes", () => {
    expect(judgeHolders(judged([...owned, member("bo")], owned), judging())).toEqual({
      findings: [],
      notes: [],
    });
  });
});

describe("an org that loses its last owner", () => {
  test.each([
    ["who goes", [member("bo")]],
    ["whose role goes", [member("ana")]],
    ["who is suspended", suspended],
  ])("%s stops the plan", (_, after) => {
    expect(judgeHolders(judged(owned, after), judging()).findings).toEqual([
      tooFew("acme would have no active owner, and needs 1."),
    ]);
  });

  test("who could sign in, while a service stays, stops the plan", () => {
    expect(judgeHolders(judged([...owned, ...service], service), judging()).findings).toEqual([noSignIn]);
  });

  test("is not stopped where the org ends, or is not there any more", () => {
    const archived = [declare("org", { slug: "acme", status: "archived" })];
    expect(judgeHolders(judged(owned, archived), judging()).findings).toEqual([]);
    expect(judgeHolders(judged(owned, null), judging()).findings).toEqual([]);
  });

  test("is stopped where the org is suspended, or comes back from its archive", () => {
    const paused = [declare("org", { slug: "acme", status: "suspended" })];
    expect(judgeHolders(judged(owned, paused), judging()).findings).toHaveLength(1);
    const archived = [declare("org", { slug: "acme", status: "archived" }), member("bo")];
    expect(judgeHolders(judged(archived, [member("bo")]), judging()).findings).toHaveLength(1);
  });
});

test("a role of which more are needed than hold it is told with both numbers", () => {
  const two = catalogWith(declare("catalog_role", { name: "owner", grants: [allow("*:*")], at_least: 2 }));
  expect(judgeHolders(judged(owned, owned), judging(two)).findings).toEqual([
    tooFew("acme would have only 1 active owner, and needs 2."),
  ]);
});

describe("an org that had too few before", () => {
  test("is noted, where it is not made worse", () => {
    const changed = judgeHolders(judged([member("bo")], [member("cy")]), judging());
    expect(changed).toEqual({
      findings: [],
      notes: [
        {
          subject: "acme",
          message: "It has no active owner, and needs 1, as before.",
          at: { org: "acme", path: [] },
        },
      ],
    });
    expect(judgeHolders(judged(service, [...service, member("cy")]), judging()).notes).toMatchObject([
      { message: "It has no owner who can sign in: services alone hold that role, as before." },
    ]);
  });

  test("is not even noted, where nothing of it changes", () => {
    expect(judgeHolders(judged([member("bo")], [member("bo")], []), judging())).toEqual({
      findings: [],
      notes: [],
    });
  });
});

describe("a new org", () => {
  test("is stopped where its members are declared, and nobody of them is an owner", () => {
    expect(judgeHolders(judged(null, [member("ana")]), judging()).findings).toHaveLength(1);
    expect(judgeHolders(judged(null, service), judging()).findings).toEqual([noSignIn]);
  });

  test("may begin without members, who come by themselves", () => {
    expect(judgeHolders(judged(null, []), judging())).toEqual({
      findings: [],
      notes: [
        {
          subject: "acme",
          message: "It has no member yet, and so no active owner, and needs 1.",
          at: { org: "acme", path: [] },
        },
      ],
    });
  });
});

test("the plan that loosens the demand is still held to it", () => {
  const loosened = catalogWith(
    declare("catalog_role", { name: "owner", grants: [allow("*:*")], at_least: 0 }),
  );
  const gone = judgeHolders(judged(owned, [member("ana")]), judging(loosened));
  expect(gone.findings).toEqual([tooFew("acme would have no active owner, and needs 1.")]);
  expect(judgeHolders(judged(owned, owned), judging(loosened)).findings).toEqual([]);
});
