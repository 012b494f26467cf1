import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { writePlan } from "../../src/database/write-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { eachEngine, urls } from "../engines.ts";
import { type CuttingProxy, startCuttingProxy } from "./cutting-proxy.ts";
import { planFor, whole } from "./whole-estate.ts";

eachEngine("a lost answer to COMMIT", (open, engine) => {
  // PGlite runs in the same process: there is no line that could break.
  if (engine === "pglite") {
    it.skip("cannot happen");
    return;
  }

  let direct: Database;
  let proxied: Database;
  let proxy: CuttingProxy;
  let plan: Plan;
  beforeEach(async () => {
    direct = await open();
    proxy = await startCuttingProxy(urls.get(direct) as string);
    proxied = await openDatabase({ url: proxy.url, rolePrefix: direct.rolePrefix });
    plan = await planFor(proxied, whole);
  });
  afterEach(async () => {
    await proxied.close();
    await proxy.close();
  });

  const revision = async () => (await readActual(direct)).revision;

  it("is settled as applied where COMMIT had reached the server", async () => {
    proxy.cutNext("after");
    const applied = await writePlan(proxied, plan, { applyId: randomUUID(), actor: "tester" });
    expect(applied).toMatchObject({ revision: 1, earlier: null });
    expect(await revision()).toBe(1);
  });

  it("is settled as not applied where COMMIT never reached the server", async () => {
    const options = { applyId: randomUUID(), actor: "tester" };
    proxy.cutNext("before");
    await expect(writePlan(proxied, plan, options)).rejects.toMatchObject({
      code: "database-unreachable",
      message: expect.stringContaining("Nothing was written"),
    });
    expect(await revision()).toBe(0);
    expect(await writePlan(proxied, plan, options)).toMatchObject({ revision: 1 });
  });

  it.each([
    ["after", 1],
    ["before", 0],
  ] as const)(
    "stays unknown while nobody answers, and the next run settles it (cut %s)",
    async (cut, made) => {
      const options = { applyId: randomUUID(), actor: "tester", patience: 300 };
      proxy.cutNext(cut);
      const step = (name: string) => {
        if (name === "commit") proxy.reachable = false;
      };
      await expect(writePlan(proxied, plan, { ...options, step })).rejects.toMatchObject({
        code: "outcome-unknown",
        message: expect.stringContaining(`tenantry apply --apply-id ${options.applyId}`),
      });
      proxy.reachable = true;
      const again = await writePlan(proxied, plan, options);
      expect(again).toMatchObject(
        made === 1 ? { rows: 0, earlier: { revision: 1, actor: "tester" } } : { earlier: null },
      );
      expect(await revision()).toBe(1);
    },
  );

  it("waits for a transaction in doubt to end before it says what became of it", async () => {
    // The server has the transaction open when the client asks: only its lock tells that it may still commit.
    proxy.cutNext("late");
    const attempt = writePlan(proxied, plan, { applyId: randomUUID(), actor: "tester" });
    expect(await attempt).toMatchObject({ revision: 1 });
  });
});
