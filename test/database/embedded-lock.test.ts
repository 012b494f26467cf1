import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/database/connect.ts";
import { takeEmbeddedLock } from "../../src/database/embedded-lock.ts";
import { type Holder, startHolder } from "./start-holder.ts";

const rolePrefix = "tenantry_";
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tenantry-lock-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const lockOf = (holder: object) => writeFileSync(join(directory, "lock.1"), JSON.stringify(holder));
const dead = { pid: 2 ** 22 + 1, host: hostname(), began: null, released: false };

describe("the lock of an embedded database", () => {
  it("is for one at a time, also in one process", () => {
    const release = takeEmbeddedLock(directory);
    expect(() => takeEmbeddedLock(directory)).toThrow(new RegExp(`in use by process ${process.pid}\\b`));
    release();
    takeEmbeddedLock(directory)();
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("is taken over from a dead process", () => {
    lockOf(dead);
    takeEmbeddedLock(directory)();
  });

  it("is taken over from a process whose pid another one has now", () => {
    lockOf({ ...dead, pid: process.pid, began: "1" });
    if (process.platform === "linux") takeEmbeddedLock(directory)();
  });

  it("is left to a process on another machine, which nobody can look into", () => {
    lockOf({ ...dead, host: "elsewhere" });
    expect(() => takeEmbeddedLock(directory)).toThrow(/process \d+ on elsewhere.*remove the lock files/);
  });

  it("goes to one of several processes that find its holder dead", async () => {
    lockOf(dead);
    const holders = await Promise.all(Array.from({ length: 3 }, () => startHolder(directory, rolePrefix)));
    const said = holders.map((holder) => holder.said.split(":")[0]).sort();
    for (const holder of holders) await holder.kill();
    expect(said).toEqual(["database-in-use", "database-in-use", "stopped"]);
  });
});

describe("an embedded database", () => {
  let holder: Holder;
  afterEach(() => holder.kill());

  it("refuses a second process, and names the first", async () => {
    holder = await startHolder(directory, rolePrefix);
    expect(holder.said).toBe("stopped");
    await expect(openDatabase({ directory })).rejects.toMatchObject({
      code: "database-in-use",
      message: expect.stringContaining(`process ${holder.process.pid}.`),
    });
  });

  it("is made anew where its making was broken off, and says so before", async () => {
    holder = await startHolder(directory, rolePrefix);
    await holder.kill();
    writeFileSync(join(directory, "making-data"), "");
    rmSync(join(directory, "data", "PG_VERSION"));
    const told: string[] = [];
    const database = await openDatabase({ directory, onFirstUse: (where) => told.push(where) });
    expect(told).toEqual([directory]);
    await database.close();
  });
});
