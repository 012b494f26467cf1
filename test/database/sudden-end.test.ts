import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openDatabase } from "../../src/database/connect.ts";
import { readActual } from "../../src/database/read-actual.ts";
import { eachEngine, urls } from "../engines.ts";
import { startHolder } from "./start-holder.ts";
import { apply, planFor, whole } from "./whole-estate.ts";

eachEngine("a process that is killed in an apply", (open, engine) => {
  const directories: string[] = [];
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  });

  /** A database that another process can open and be killed with: in PGlite's case, one of its own. */
  async function killedAt(step: string) {
    const database = await open();
    const directory = mkdtempSync(join(tmpdir(), "tenantry-killed-"));
    directories.push(directory);
    const place = urls.get(database) ?? directory;
    const holder = await startHolder(place, database.rolePrefix, step);
    expect(holder.said).toBe("stopped");
    await holder.kill();
    return engine === "postgres" ? database : openDatabase({ directory, rolePrefix: database.rolePrefix });
  }

  const steps = ["create member", "close books", "commit"];
  it.each(engine === "postgres" ? ["lock", ...steps] : steps)("at %s leaves nothing behind", async (step) => {
    const database = await killedAt(step);
    expect(await readActual(database)).toMatchObject({ revision: 0, orgs: [], catalog: { counter: 0 } });
    await apply(database, whole, { lockTimeout: 20_000 });
    expect((await planFor(database, whole)).scopes).toEqual([]);
    await database.close();
  });
});
