import { expect, test } from "vitest";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { overLimits } from "../../src/decision/over-limits.ts";
import type { Resource } from "../../src/model/state.ts";
import { at, catalog, catalogResources, declare, now } from "./acme-cloud.ts";

const members = (count: number, more = {}) =>
  Array.from({ length: count }, (_, index) =>
    declare("member", { key: `${Object.values(more).join()}${index}@acme.example`, ...more }),
  );
const over = (resources: readonly Resource[], when = now) =>
  overLimits(
    catalog,
    { id: null, slug: "acme", resources: [declare("org", { slug: "acme" }), ...resources] },
    when,
  );

test("active members above what the plan allows, with who says so", () => {
  expect(over(members(3))).toEqual([]);
  expect(over(members(4))).toEqual([
    {
      feature: "seats",
      counts: "members",
      kind: "member",
      count: 4,
      allowed: 3,
      decidedBy: "catalog/plan/free@1",
    },
  ]);
});

test("suspended members do not count, services do", () => {
  expect(over([...members(3), ...members(9, { status: "suspended" })])).toEqual([]);
  expect(over([...members(3), ...members(1, { type: "service" })])).toHaveLength(1);
});

test("an override counts while it holds, and one of a workspace does not", () => {
  const seats = (more: object) => declare("entitlement", { feature: "seats", value: 4, ...more });
  const until = seats({ until: "2026-12-01T00:00:00Z" });
  expect(over([...members(4), until])).toEqual([]);
  expect(over([...members(4), until], at("2026-12-01"))).toHaveLength(1);
  expect(
    over([...members(4), declare("workspace", { slug: "web" }), seats({ workspace: "web" })]),
  ).toHaveLength(1);
});

test("unlimited is never exceeded, and an org that is not active exceeds nothing", () => {
  const enterprise = declare("subscription", { product: "platform", plan: "enterprise@1" });
  expect(over([...members(90), enterprise])).toEqual([]);
  const suspended = declare("org", { slug: "acme", status: "suspended" });
  expect(overLimits(catalog, { id: null, slug: "acme", resources: [suspended, ...members(9)] }, now)).toEqual(
    [],
  );
});

test("every kind that can be counted is, and what only the app knows is not", () => {
  const features = [
    "teams",
    "workspaces",
    "environments",
    "resources",
    "roles",
    "api_keys",
    "webhooks",
    "gigabytes",
  ];
  const counting = compileCatalog([
    ...catalogResources,
    ...features.map((counts) => declare("feature", { name: `max_${counts}`, type: "limit", counts })),
  ]);
  const resources = [
    declare("org", { slug: "acme" }),
    declare("team", { name: "release" }),
    declare("workspace", { slug: "web" }),
    declare("environment", { workspace: "web", slug: "live" }),
    declare("resource", { type: "document", name: "spec" }),
    declare("role", { name: "auditor" }),
    declare("api_key", { name: "warehouse" }),
    declare("webhook", { name: "erp" }),
  ];
  const found = overLimits(counting, { id: null, slug: "acme", resources }, now);
  expect(found.map(({ counts, kind, count, allowed }) => [counts, kind, count, allowed])).toEqual([
    ["teams", "team", 1, 0],
    ["workspaces", "workspace", 1, 0],
    ["environments", "environment", 1, 0],
    ["resources", "resource", 1, 0],
    ["roles", "role", 1, 0],
    ["api_keys", "api_key", 1, 0],
    ["webhooks", "webhook", 1, 0],
  ]);
});
