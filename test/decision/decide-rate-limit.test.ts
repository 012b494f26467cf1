import { expect, test } from "vitest";
import { compileCatalog } from "../../src/decision/compile-catalog.ts";
import { compileOrg } from "../../src/decision/compile-org.ts";
import { decideRateLimit } from "../../src/decision/decide-rate-limit.ts";
import type { Resource } from "../../src/model/state.ts";
import type { Value } from "../../src/model/value.ts";
import { declare, now } from "./acme-cloud.ts";

const version = (plan: string, api: Value) =>
  declare("plan_version", { plan, version: 1, rate_limits: { api } });
const catalog = compileCatalog([
  declare("catalog_rate_limit", { name: "api", amount: 60, period: "minute" }),
  ...["platform", "extra"].map((name, position) => declare("product", { name, position })),
  declare("plan", { name: "team", product: "platform" }),
  declare("plan", { name: "boost", product: "extra" }),
  declare("plan", { name: "odd", product: "extra" }),
  version("team", { amount: 600, per: "minute" }),
  version("boost", { amount: 20, per: "second" }),
  version("odd", { amount: "many", per: "minute" }),
]);
const subscribed = (product: string, plan: string, more = {}) =>
  declare("subscription", { product, plan, cycle: "monthly", ...more });
const own = (more = {}) => declare("rate_limit", { name: "api", amount: 5, period: "minute", ...more });
const decided = (rows: readonly Resource[], name = "api") =>
  decideRateLimit(compileOrg(catalog, { id: null, slug: "acme", resources: rows }), name, now);
const byCatalog = {
  value: { amount: 60, per: "minute" },
  source: "catalog",
  decidedBy: "catalog/rate_limit/api",
};

test("the org's own before its plans', and theirs before the catalog's", () => {
  const team = subscribed("platform", "team@1");
  expect(decided([])).toEqual(byCatalog);
  expect(decided([team])).toEqual({
    value: { amount: 600, per: "minute" },
    source: "plan",
    decidedBy: "catalog/plan/team@1",
  });
  expect(decided([team, own()])).toEqual({
    value: { amount: 5, per: "minute" },
    source: "override",
    decidedBy: "acme/rate_limit/api",
  });
});

test("of several plans what allows the most a second, whatever the period", () => {
  const rows = [subscribed("platform", "team@1"), subscribed("extra", "boost@1")];
  expect(decided(rows)?.value).toEqual({ amount: 20, per: "second" });
});

test("what is not in force does not count", () => {
  expect(decided([own({ until: "2026-01-01T00:00:00Z" })])).toEqual(byCatalog);
  expect(decided([own({ starts: "2030-01-01T00:00:00Z" })])).toEqual(byCatalog);
  expect(decided([subscribed("platform", "team@1", { status: "paused" })])).toEqual(byCatalog);
});

test("a limit that the catalog does not have is none, and what is no rate says nothing", () => {
  expect(decided([own({ name: "login" })], "login")).toBeNull();
  expect(decided([own({ period: "fortnight" })])).toEqual(byCatalog);
  expect(decided([subscribed("extra", "odd@1")])).toEqual(byCatalog);
});
