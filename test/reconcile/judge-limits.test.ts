import { expect, test } from "vitest";
import type { Change } from "../../src/plan/plan.ts";
import { judgeLimits } from "../../src/reconcile/judge-limits.ts";
import { declare } from "../decision/acme-cloud.ts";
import { catalogWith, judged, judging, member } from "./judged-org.ts";

const members = (count: number) => Array.from({ length: count }, (_, index) => member(`m${index}`));
const subscription = (plan: string) => declare("subscription", { product: "platform", plan });
const seats = (value: number) => declare("entitlement", { feature: "seats", value });
const moved: Change = {
  action: "update",
  kind: "subscription",
  id: "s1",
  key: "platform",
  path: ["subscriptions", "platform"],
  partOf: null,
  fields: [],
  managedBefore: null,
  managed: [],
};

test("a downgrade below what there is stops the plan, with what would mend it", () => {
  const before = [...members(61), subscription("enterprise@1")];
  const after = [...members(61), subscription("team@2")];
  expect(judgeLimits(judged(before, after, [moved]), judging())).toEqual({
    findings: [
      {
        code: "over-limit",
        subject: "acme",
        message: "acme has 61 active members, team@2 allows 50",
        help: "remove 11 members or give it seats: 61; to let it pass once: --allow over-limit:acme",
        canPass: true,
        at: { org: "acme", path: ["subscriptions", "platform"] },
      },
    ],
    notes: [],
  });
});

test("so does an entitlement of its own that is lowered, or goes", () => {
  const before = [...members(10), seats(10)];
  expect(judgeLimits(judged(before, [...members(10), seats(9)]), judging()).findings).toMatchObject([
    {
      message: "acme has 10 active members, its own seats allows 9",
      help: "remove 1 member or give it seats: 10; to let it pass once: --allow over-limit:acme",
      at: { path: ["members"] },
    },
  ]);
  expect(judgeLimits(judged(before, members(10)), judging()).findings).toMatchObject([
    { message: "acme has 10 active members, free@1 allows 3" },
  ]);
});

test("so do members that come, and a catalog that gives less", () => {
  expect(judgeLimits(judged(members(3), members(4)), judging()).findings).toHaveLength(1);
  const fewer = catalogWith(
    declare("plan_version", { plan: "free", version: 1, entitlements: { seats: 2 } }),
  );
  expect(judgeLimits(judged(members(3), members(3), []), judging(fewer)).findings).toMatchObject([
    { message: "acme has 3 active members, free@1 allows 2" },
  ]);
});

test("what was over its limit before and is no worse is noted, and only where something changes", () => {
  const changed = judged(members(5), [...members(4), member("late", { status: "suspended" })]);
  expect(judgeLimits(changed, judging())).toEqual({
    findings: [],
    notes: [
      {
        subject: "acme",
        message: "It has 4 active members, free@1 allows 3, as before.",
        at: { org: "acme", path: [] },
      },
    ],
  });
  expect(judgeLimits(judged(members(5), members(5), []), judging())).toEqual({ findings: [], notes: [] });
});

test("what goes with a purge, or is archived, exceeds nothing", () => {
  const archived = [declare("org", { slug: "acme", status: "archived" }), ...members(9)];
  expect(judgeLimits(judged(members(3), archived), judging()).findings).toEqual([]);
  expect(judgeLimits(judged(members(3), null), judging()).findings).toEqual([]);
});
