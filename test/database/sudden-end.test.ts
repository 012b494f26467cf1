import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { eachEngine, urls } from "../engines.ts";
import { startHolder } from "./start-holder.ts";
import { apply, planFor, small, whole } from "./whole-estate.ts";

eachEngine("a process that is killed in an apply", (open, engine) => {
  // Every statement of every kind on the server; on PGlite, which takes seconds to open, every sort of statement once.
  const desired = engine === "postgres" ? whole : small;
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "tenantry-killed-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("leaves nothing behind, at whichever statement, and the next plan settles it", async () => {
    const database = await open();
    const steps = await recordedSteps(database);
    expect(steps).toEqual(
      expect.arrayContaining(["lock", "revision", "create org", "check", "close books", "commit"]),
    );
    const place = await placeFor(database);
    const turns = [...steps.keys()];
    const settle = async () => {
      for (let turn = turns.shift(); turn !== undefined; turn = turns.shift())
        await killedAt(turn, steps, place);
    };
    // On one server applies wait for each other; directories are nobody else's.
    await Promise.all(engine === "postgres" ? [settle()] : [settle(), settle()]);
  }, 300_000);

  /** The steps of an apply as it is, not a list that grows old. */
  async function recordedSteps(database: Database): Promise<readonly string[]> {
    const steps: string[] = [];
    const stop = new Error("recorded");
    const recording = apply(database, desired, {
      step(name) {
        steps.push(name);
        if (name === "commit") throw stop;
      },
    });
    await expect(recording).rejects.toThrow(stop);
    return steps;
  }

  async function killedAt(turn: number, steps: readonly string[], place: () => string): Promise<void> {
    const where = place();
    const own = {
      rolePrefix: rolePrefix(),
      ...(where.includes("://") ? { url: where } : { directory: where }),
    };
    const holder = await startHolder(where, own.rolePrefix, {
      stopAt: turn,
      estate: engine === "postgres" ? "whole" : "small",
    });
    expect(holder.said).toBe("stopped");
    await holder.kill();
    const database = await openDatabase(own);
    const about = `${turn}: ${steps[turn]}`;
    expect(await readActual(database), about).toMatchObject({
      revision: 0,
      orgs: [],
      catalog: { counter: 0 },
    });
    if (engine === "pglite" || turn === steps.length - 1) {
      await apply(database, desired, { lockTimeout: 20_000 });
      expect((await planFor(database, desired)).scopes, about).toEqual([]);
    }
    await database.close();
  }

  let rolePrefix = () => "";

  /** Where a process is let loose: the test's database, or a copy of an embedded one for each. */
  async function placeFor(database: Database): Promise<() => string> {
    rolePrefix = () => database.rolePrefix;
    const url = urls.get(database);
    if (url) return () => url;
    const original = join(directory, "original");
    await (await openDatabase({ directory: original, rolePrefix: database.rolePrefix })).close();
    let copies = 0;
    return () => {
      const copy = join(directory, `copy-${copies++}`);
      cpSync(original, copy, { recursive: true });
      return copy;
    };
  }
});
