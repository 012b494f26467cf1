import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../../src/database/connect.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { reviewEstate } from "../../src/reconcile/review-estate.ts";
import { readSavedPlan, type SavedPlan, savePlan } from "../../src/reconcile/saved-plan.ts";
import { planText } from "../../src/view/plan-text.ts";
import { eachEngine, urls } from "../engines.ts";

eachEngine("a saved plan", (open) => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "tenantry-saved-"));
    file = join(directory, "plan.json");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const provenance = { commit: "9f3c2e1", title: "Q4 access review", actor: "dora", isDirty: false };

  async function reviewed(): Promise<Omit<SavedPlan, "applyId">> {
    const review = await reviewEstate(await open(), {
      dir: "tenants",
      now: new Date("2026-11-20T09:00:00Z"),
    });
    if (!review.plan) throw new Error("The sample estate is faulty.");
    const about = { estate: "tenants", provenance };
    return {
      plan: review.plan,
      impact: review.impact,
      about,
      places: { declaredAt: review.declaredAt },
      tool: "1.2.3",
    };
  }

  const asText = ({ plan, about, places }: Omit<SavedPlan, "applyId">) =>
    planText(plan, { colour: false, width: 100, about, ...places });

  test("comes back as it was, places and all", async () => {
    const saved = await reviewed();
    const applyId = await savePlan(file, saved);
    const { places, ...read } = await readSavedPlan(file);
    const { places: _, ...wanted } = saved;
    expect(read).toEqual({ ...JSON.parse(JSON.stringify(wanted)), plan: wanted.plan, applyId });
    expect(asText({ ...read, places })).toBe(asText(saved));
    expect(asText(saved)).toMatch(/tenants\/.*yaml:\d+/);
    expect(read.plan.baselines.some(({ sources }) => sources !== null)).toBe(true);
  });

  test("is its owner's alone, and leaves nothing beside it", async () => {
    await savePlan(file, await reviewed());
    await savePlan(file, await reviewed());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["plan.json"]);
    await expect(savePlan(join(directory, "no", "plan.json"), await reviewed())).rejects.toMatchObject({
      code: "saved-plan",
    });
  });

  test("is known to be damaged, whichever byte is", async () => {
    await savePlan(file, await reviewed());
    const whole = readFileSync(file);
    const places = [
      ...Array(160).keys(),
      ...Array.from({ length: 200 }, (_, i) => (i * 7919) % whole.length),
    ];
    const refused = async (bytes: Buffer | string) => {
      writeFileSync(file, bytes);
      await expect(readSavedPlan(file)).rejects.toMatchObject({
        code: "saved-plan",
        message: /Make it again/,
      });
    };
    for (const place of [...places, whole.length - 1, whole.length - 2]) {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] as number) ^ (1 << (place % 8));
      await refused(damaged);
    }
    for (const length of [0, 1, 150, whole.length - 1]) await refused(whole.subarray(0, length));
    await refused(Buffer.concat([whole, Buffer.from("\n")]));
    await refused("not a plan");
    await refused(JSON.stringify(JSON.parse(whole.toString()), null, 2));
    await refused(`\ufeff${whole}`);
    await expect(readSavedPlan(join(directory, "none"))).rejects.toMatchObject({ code: "saved-plan" });
  });

  test("of another format says so", async () => {
    await savePlan(file, await reviewed());
    writeFileSync(file, readFileSync(file, "utf8").replace('"version":1', '"version":2'));
    await expect(readSavedPlan(file)).rejects.toThrow(
      /another version of Tenantry \(format 2; this one reads 1\)/,
    );
  });

  test("is applied once, and says so the next time", async () => {
    const applyId = await savePlan(file, await reviewed());
    const { plan } = await readSavedPlan(file);
    const database = await open();
    const fresh = (await reviewOn(database)) as Plan;
    const options = { applyId, actor: "dora" };
    expect(await writePlan(database, { ...plan, base: fresh.base }, options)).toMatchObject({ revision: 1 });
    expect((await reviewOn(database))?.scopes).toEqual([]);
    expect(await writePlan(database, plan, options)).toMatchObject({
      rows: 0,
      earlier: { revision: 1, actor: "dora" },
    });
    const other = { applyId: randomUUID(), actor: "dora" };
    await expect(writePlan(database, plan, other)).rejects.toMatchObject({ code: "plan-stale" });
  });

  async function reviewOn(database: Awaited<ReturnType<typeof open>>) {
    return (await reviewEstate(database, { dir: "tenants", now: new Date("2026-11-20T09:00:00Z") })).plan;
  }

  test("holds no password and nothing of the environment", async () => {
    const secret = `canary-${randomUUID()}`;
    const database = await open();
    const url = urls.get(database);
    process.env.TENANTRY_CANARY = `env-${secret}`;
    let place = database.place;
    if (url) {
      const withPassword = new URL(url);
      withPassword.password = secret;
      withPassword.searchParams.set("application_name", secret);
      const other = await openDatabase({ url: withPassword.href, rolePrefix: database.rolePrefix });
      place = other.place;
      await other.close();
    }
    const saved = await reviewed();
    await savePlan(file, { ...saved, about: { ...saved.about, estate: `tenants with ${place}` } });
    delete process.env.TENANTRY_CANARY;
    expect(readFileSync(file, "utf8")).not.toContain(secret);
  });
});
