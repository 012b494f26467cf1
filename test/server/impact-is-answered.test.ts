import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Impact } from "../../src/decision/impact/impact.ts";
import { reviewEstate } from "../../src/reconcile/review-estate.ts";
import { openLiveEstate } from "../../src/runtime/live-estate.ts";
import { makeServer } from "../../src/server/make-server.ts";
import { eachEngine, emptied } from "../engines.ts";
import { type Estate, twoEstates } from "../reconcile/random-estates.ts";
import { answeredEverywhere } from "./answered-everywhere.ts";
import { compareWithImpact } from "./compare-with-impact.ts";
import { conditionalEstates } from "./conditional-estates.ts";

const root = mkdtempSync(join(tmpdir(), "tenantry-answered-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const now = Date.parse("2026-11-20T09:00:00Z");
const numRuns = process.env.TENANTRY_LONG ? 500 : 25;

eachEngine("the impact that a plan shows", (open, engine) => {
  test.each([
    ["estates of three orgs", twoEstates],
    ["conditions everywhere", conditionalEstates],
  ])(
    "is what the HTTP service answers before and after the apply, to the letter: %s",
    async (name, estates) => {
      const database = await open();
      const counted = { pairs: 0, questions: 0, flips: 0 };
      const review = async (files: Estate): Promise<Impact> => {
        const dir = mkdtempSync(join(root, "estate-"));
        for (const { path, text } of files) {
          mkdirSync(dirname(join(dir, path)), { recursive: true });
          writeFileSync(join(dir, path), text);
        }
        const options = { dir: join(dir, "tenants"), now: new Date(now) };
        const reviewed = await reviewEstate(database, options);
        if (!reviewed.plan || !reviewed.impact) throw new Error(JSON.stringify(reviewed.diagnostics));
        await writePlan(database, reviewed.plan, { applyId: randomUUID(), actor: "test" });
        return reviewed.impact;
      };
      const pair = async ([first, second]: readonly [Estate, Estate]) => {
        await emptied(database);
        await review(first);
        const estate = await openLiveEstate(database, { clock: () => now });
        const app = makeServer({
          estate,
          authenticator: null,
          clock: () => now,
          maxStale: 60_000,
          origin: "http://localhost:4600",
        });
        try {
          const before = await answeredEverywhere(app, estate);
          const impact = await review(second);
          await estate.refresh();
          const after = await answeredEverywhere(app, estate);
          counted.pairs += 1;
          for (const { questions, flips } of compareWithImpact({ before, after, impact })) {
            counted.questions += questions;
            counted.flips += flips;
          }
        } finally {
          await app.close();
        }
      };
      await fc.assert(fc.asyncProperty(estates, pair), { numRuns, endOnFailure: true });
      console.log(`${engine}, ${name}: ${JSON.stringify(counted)}`);
      expect(counted.flips).toBeGreaterThan(100);
    },
    numRuns * 10_000,
  );
});
