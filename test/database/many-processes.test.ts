import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { eachEngine, urls } from "../engines.ts";
import type { Order, Report } from "./applying-process.ts";
import { apply, estate } from "./whole-estate.ts";

const rounds = 200;
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

eachEngine("processes that apply at once", (open, engine) => {
  // An embedded database is one process's alone: see its lock.
  if (engine === "pglite") {
    it.skip("cannot be");
    return;
  }

  const children: ChildProcess[] = [];
  afterEach(async () => {
    await Promise.all(
      children.splice(0).map(async (child) => {
        child.disconnect();
        await once(child, "exit");
      }),
    );
  });

  it.each([2, 8])(
    "%i of them: one winner a revision, and nothing is lost",
    async (count) => {
      const database = await open();
      const slugs = Array.from({ length: count }, (_, index) => `org-${index}`);
      const first = slugs.map((slug) => [slug, { org: [{ slug }], banner: [{ message: "" }] }]);
      await apply(database, estate({}, Object.fromEntries(first)));
      const args = [urls.get(database) ?? "", database.rolePrefix, slugs.join()];
      const execArgv = ["--import", file("../typescript-loader.mjs")];
      for (let index = 0; index < count; index++)
        children.push(fork(file("applying-process.ts"), args, { execArgv }));
      await Promise.all(children.map(reported));

      let revision = 1;
      const outcomes = new Map<string, number>();
      for (let round = 0; round < rounds; round++) {
        const isShared = round % 2 === 0;
        const slugOf = (index: number) => (isShared ? slugs[0] : slugs[index]) as string;
        await Promise.all(
          children.map((child, index) =>
            ask(child, { to: "plan", slug: slugOf(index), text: `${round} ${index}` }),
          ),
        );
        const reports = await Promise.all(children.map((child) => ask(child, { to: "apply" })));
        for (const { outcome } of reports) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        const winners = reports.flatMap((report, index) =>
          report.outcome === "applied" ? [{ ...report, index }] : [],
        );
        // One row for all: one wins. A row each: nobody is in anybody's way.
        expect(winners).toHaveLength(isShared ? 1 : count);
        const losers = reports.filter(({ outcome }) => outcome !== "applied");
        expect(losers.every(({ outcome }) => outcome === "plan-stale")).toBe(true);
        const made = winners.map((winner) => winner.revision).sort((a = 0, b = 0) => a - b);
        expect(made).toEqual(winners.map((_, index) => revision + 1 + index));
        revision += winners.length;
        const { rows } = await database.pool.query(
          "select slug, message, revision::int from tenantry.banner join tenantry.org using (org_id), tenantry.estate",
        );
        const messages = new Map(rows.map(({ slug, message }) => [slug, message]));
        for (const { index } of winners) expect(messages.get(slugOf(index))).toBe(`${round} ${index}`);
        expect(rows[0].revision).toBe(revision);
      }
      console.log(`${count} processes, ${rounds} rounds: ${JSON.stringify(Object.fromEntries(outcomes))}`);
    },
    240_000,
  );
});

async function reported(child: ChildProcess): Promise<Report> {
  const [report] = await once(child, "message");
  return report as Report;
}

async function ask(child: ChildProcess, order: Order): Promise<Report> {
  const answer = reported(child);
  child.send(order);
  return answer;
}
