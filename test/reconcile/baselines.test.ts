import { expect, test } from "vitest";
import { nextDueOf } from "../../src/reconcile/baselines.ts";
import { declare } from "../decision/acme-cloud.ts";

const now = Date.parse("2026-11-20T09:00:00Z");
const org = (status: string) => declare("org", { slug: "acme", status, purge_after: "2026-11-01T00:00:00Z" });

test("what lapses first is due next, and what is past is not", () => {
  const trial = declare("subscription", { product: "platform", trial_ends: "2026-12-01T00:00:00Z" });
  const banner = declare("banner", { until: "2026-11-19T00:00:00Z" });
  expect(nextDueOf([org("active"), trial, banner], now)).toBe("2026-12-01T00:00:00Z");
});

test("a purge stays due until it is done", () => {
  expect(nextDueOf([org("deleted")], now)).toBe("2026-11-01T00:00:00Z");
});
