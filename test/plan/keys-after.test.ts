import { describe, expect, it } from "vitest";
import { type KeyFound, keysAfter, keysTouched } from "../../src/plan/keys-after.ts";
import type { Change, ScopePlan } from "../../src/plan/plan.ts";

const now = "2026-11-21T09:00:00Z";
const about = { kind: "api_key", id: "k", path: null, partOf: null, drift: null } as const;
const created = (key: string, expires: string | null = null): Change => {
  return { ...about, action: "create", key, after: { name: key, expires }, managed: [] };
};
const deleted = (key: string): Change => ({ ...about, action: "delete", key, before: { name: key } });
const updated = (key: string): Change => {
  return { ...about, action: "update", key, fields: [], managedBefore: [], managed: [] };
};

function scope(org: string, ...changes: Change[]): ScopePlan {
  return { org, orgId: `id of ${org}`, ids: new Map(), changes };
}

function found(org: string, name: string, has: Partial<KeyFound>): KeyFound {
  return { orgId: `id of ${org}`, org, name, isDeclared: false, isMinted: false, ...has };
}

describe("what becomes of keys by a plan", () => {
  it("is nothing to speak of where all that is declared is minted", () => {
    expect(keysAfter([found("acme", "ci", { isDeclared: true, isMinted: true })], [], now)).toBeNull();
    expect(keysAfter([], [scope("acme", updated("ci"))], now)).toBeNull();
  });

  it("is what waits to be minted: now, and with the plan", () => {
    const waiting = [found("globex", "ci", { isDeclared: true })];
    expect(keysAfter(waiting, [scope("acme", created("web"), created("app"))], now)).toEqual({
      unminted: [
        { org: "acme", name: "app" },
        { org: "acme", name: "web" },
        { org: "globex", name: "ci" },
      ],
      ceasing: [],
      resuming: [],
    });
  });

  it("is what ceases to work, and what works again", () => {
    const keys = [
      found("acme", "ci", { isDeclared: true, isMinted: true }),
      found("acme", "old", { isMinted: true }),
      found("acme", "never", { isDeclared: true }),
    ];
    const plan = [scope("acme", deleted("ci"), created("old"), deleted("never"))];
    expect(keysTouched(plan)).toEqual(["ci", "old", "never"].map((name) => ({ orgId: "id of acme", name })));
    expect(keysAfter(keys, plan, now)).toEqual({
      unminted: [],
      ceasing: [{ org: "acme", name: "ci" }],
      resuming: [{ org: "acme", name: "old" }],
    });
  });

  it("says nothing of a declaration that has ended", () => {
    expect(keysAfter([], [scope("acme", created("ci", now))], now)).toBeNull();
    expect(keysAfter([], [scope("acme", created("ci", "2026-11-21T09:00:01Z"))], now)).not.toBeNull();
  });

  it("counts a declaration that is moved into the past as ended, and one that is moved out of it as made", () => {
    const [past, future, later] = ["2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z", null];
    const moved = (key: string, before: string | null, after: string | null): Change => {
      const fields = [{ field: "expires", before, after, drift: null }];
      return { ...about, action: "update", key, fields, managedBefore: [], managed: [] };
    };
    const plan = [
      scope(
        "acme",
        ...[moved("ended", future, past), moved("back", past, later), moved("longer", future, later)],
        ...[moved("over", past, now), moved("unminted", past, future)],
      ),
    ];
    expect(keysTouched(plan)).toHaveLength(5);
    const keys = ["ended", "back", "longer", "over"].map((name) =>
      found("acme", name, { isDeclared: true, isMinted: true }),
    );
    expect(keysAfter(keys, plan, now)).toEqual({
      unminted: [{ org: "acme", name: "unminted" }],
      ceasing: [{ org: "acme", name: "ended" }],
      resuming: [{ org: "acme", name: "back" }],
    });
  });

  it("calls an org that is renamed as it will be called", () => {
    const renamed = { ...scope("acme-corp"), orgId: "id of acme" };
    expect(keysAfter([found("acme", "ci", { isDeclared: true })], [renamed], now)?.unminted).toEqual([
      { org: "acme-corp", name: "ci" },
    ]);
  });
});
