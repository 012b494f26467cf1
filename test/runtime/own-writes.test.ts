import { expect, it } from "vitest";
import { openLiveEstate } from "../../src/runtime/live-estate.ts";
import { eachEngine, urls } from "../engines.ts";
import { fill } from "./filled-estate.ts";
import { tryFreshness } from "./freshness-trial.ts";

const isLong = process.env.TENANTRY_LONG === "1";
const rounds = isLong ? 1_000 : 30;

eachEngine("what was committed", (open, engine) => {
  // One session has nobody beside it.
  if (engine === "pglite") {
    it.skip("needs several sessions");
    return;
  }

  for (const maxOrgs of [undefined, 2]) {
    it(
      `shows after a look, always, and no answer goes back, holding ${maxOrgs ?? "all"} orgs`,
      async () => {
        const database = await open();
        await fill(database, 4);
        const estate = await openLiveEstate(database, { maxOrgs });
        let isOver = false;
        const numberOf = async (slug: string) =>
          Number((await estate.org(slug))?.name?.replace("name ", "") ?? Number.NaN);
        const writer = async (writer: number) => {
          const client = await database.pool.connect();
          for (let turn = 1; turn <= rounds; turn++) {
            const own = `org-${writer}`;
            await client.query("begin");
            await client.query("update tenantry.org set name = $1 where slug = $2", [`name ${turn}`, own]);
            if (turn % 3 === 0) {
              await client.query("savepoint one");
              await client.query(
                "update tenantry.member set name = $1 where org_id = (select org_id from tenantry.org where slug = $2)",
                [`m ${turn}`, own],
              );
            }
            // The number of the transaction is older than what others commit meanwhile.
            if (turn % 5 === 0) await new Promise((resolve) => setTimeout(resolve, writer * 3));
            await client.query("commit");
            await estate.refresh();
            expect(await numberOf(own)).toBe(turn);
          }
          client.release();
        };
        const reader = async () => {
          const last = new Map<string, number>();
          for (let turn = 0; !isOver; turn++) {
            const slug = `org-${(turn % 4) + 1}`;
            const found = await numberOf(slug);
            expect(found).toBeGreaterThanOrEqual(last.get(slug) ?? 0);
            last.set(slug, found);
            await new Promise((resolve) => setImmediate(resolve));
          }
        };
        const reading = reader();
        await Promise.all([1, 2, 3, 4].map(writer)).finally(() => {
          isOver = true;
        });
        await reading;
      },
      isLong ? 600_000 : 60_000,
    );
  }

  it(
    "is served soon after an apply",
    async () => {
      const database = await open();
      await fill(database, isLong ? 500 : 100, 5);
      const figures = await tryFreshness(database, urls.get(database) as string, isLong ? 500 : 30);
      console.log(`freshness trial: ${JSON.stringify(figures)}`);
      // Generous, for slow machines; without being told, it would take half a second in the middle.
      expect(figures.p50).toBeLessThan(250);
    },
    isLong ? 600_000 : 60_000,
  );
});
