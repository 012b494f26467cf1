import { spawn } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import type { Database } from "../../src/database/connect.ts";
import { type Sample, sampleWithDatabase, tenantryInProcess } from "../command.ts";
import { eachEngine, urls } from "../engines.ts";
import { inheritedEnvironment } from "../inherited-environment.ts";

const cli = join(import.meta.dirname, "../../dist/cli.js");

let directory: Sample;
const started: Watching[] = [];

beforeEach(() => {
  directory = sampleWithDatabase();
});

afterEach(async () => {
  for (const watching of started.splice(0)) await watching.end("SIGKILL");
  directory.remove();
});

interface Line {
  readonly cause: string;
  readonly outcome: string;
  readonly changes?: number;
  readonly drift?: number;
  readonly scopes?: readonly string[];
  readonly revision?: number;
  readonly findings?: readonly { readonly code: string }[];
  readonly problems?: number;
  readonly first?: { readonly code: string; readonly place: string };
  readonly retryIn?: number;
  readonly error?: { readonly code: string };
}

/** A process that watches. */
interface Watching {
  /** The next line for which something holds; those before it are passed over. */
  readonly next: (holds: (line: Line) => boolean) => Promise<Line>;
  /** Sends a signal, and returns what the process ended with. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
  readonly rest: () => readonly string[];
}

function watch(...args: readonly string[]): Watching {
  const watching = spawn(process.execPath, [cli, "watch", ...args], {
    cwd: directory.path,
    env: inheritedEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  let talk = "";
  let hasEnded = false;
  createInterface({ input: watching.stdout }).on("line", (line) => lines.push(line));
  watching.stderr.on("data", (bytes) => {
    talk += bytes;
  });
  const ended = new Promise<number | null>((resolve) => watching.on("close", resolve));
  void ended.then(() => {
    hasEnded = true;
  });
  const self: Watching = {
    async next(holds) {
      const seen: string[] = [];
      for (const begun = Date.now(); Date.now() - begun < 25_000; await setTimeout(20)) {
        for (let text = lines.shift(); text !== undefined; text = lines.shift()) {
          seen.push(text);
          const line = JSON.parse(text) as Line;
          if (holds(line)) return line;
        }
        if (hasEnded) break;
      }
      throw new Error(`No such line; there were:\n${seen.join("\n")}\n${talk}`);
    },
    end(signal) {
      watching.kill(signal);
      return ended;
    },
    rest: () => lines,
  };
  started.push(self);
  return self;
}

const manifest = (file: string) => join(directory.path, "tenants", file);
const textOf = (file: string) => readFileSync(manifest(file), "utf8");

/** Saves as editors do: a file beside it is written, and takes its name. */
function save(file: string, text: string): void {
  const draft = `${manifest(file)}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, manifest(file));
}

const renamed = (name: string) => textOf("orgs/acme.yaml").replace(/^name: .*$/m, `name: ${name}`);

eachEngine("watch", (open, engine) => {
  let place: readonly string[];
  let database: Database | null;

  beforeEach(async () => {
    database = engine === "postgres" ? await open() : null;
    place = database
      ? ["--database", urls.get(database) as string, "--role-prefix", inject("engines").rolePrefix]
      : [];
    expect(await tenantryInProcess(directory.path, ["apply", "--yes", ...place])).toMatchObject({
      exitCode: 0,
    });
  });

  test("applies what is saved, gets over a broken file, and ends well when it is told to", async () => {
    const watching = watch("--apply", "--json", "--interval", "0", ...place);
    expect(await watching.next(() => true)).toMatchObject({
      cause: "start",
      outcome: "planned",
      changes: 0,
      revision: 1,
    });
    save("orgs/acme.yaml", renamed("Acme Two"));
    expect(await watching.next(({ outcome }) => outcome === "applied")).toMatchObject({
      cause: "tenants",
      changes: 1,
      scopes: ["acme"],
      revision: 2,
    });
    const good = renamed("Acme Three");
    save("orgs/acme.yaml", good.replace("apiVersion", "apiVersoin"));
    const broken = await watching.next(({ outcome }) => outcome === "invalid");
    expect(broken.problems).toBeGreaterThan(0);
    expect(broken.first?.place).toMatch(/^tenants\/orgs\/acme\.yaml:\d+:\d+$/);
    save("orgs/acme.yaml", good);
    expect(await watching.next(({ outcome }) => outcome === "applied")).toMatchObject({ revision: 3 });
    expect(await watching.end("SIGTERM")).toBe(0);
    expect(watching.rest()).toEqual([]);
    const shown = await tenantryInProcess(directory.path, ["show", "acme", ...place]);
    expect(shown.out).toContain("Acme Three");
  });

  test("plans only, where nobody said to apply, and leaves the database to other commands", async () => {
    const watching = watch("--json", "--interval", "0", ...place);
    await watching.next(({ cause }) => cause === "start");
    save("orgs/acme.yaml", renamed("Acme Two"));
    expect(await watching.next(({ cause }) => cause === "tenants")).toMatchObject({
      outcome: "planned",
      changes: 1,
      revision: 1,
    });
    expect(await tenantryInProcess(directory.path, ["apply", "--yes", ...place])).toMatchObject({
      exitCode: 0,
    });
    expect(await watching.end("SIGINT")).toBe(0);
  });

  test.runIf(engine === "postgres")("finishes the apply under way before it ends", async () => {
    const holder = await (database as Database).pool.connect();
    try {
      await holder.query("begin; select from tenantry.estate for update");
      save("orgs/acme.yaml", renamed("Acme Two"));
      const watching = watch("--apply", "--json", "--interval", "0", ...place);
      const waiting =
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
      while ((await (database as Database).pool.query(waiting)).rowCount === 0) await setTimeout(20);
      const ended = watching.end("SIGTERM");
      await setTimeout(200);
      await holder.query("rollback");
      expect(await watching.next(() => true)).toMatchObject({ outcome: "applied", revision: 2 });
      expect(await ended).toBe(0);
    } finally {
      holder.release();
    }
  });

  test("applies nothing that a brake stops", async () => {
    rmSync(manifest("orgs/globex.yaml"));
    const watching = watch("--apply", "--json", "--interval", "0", ...place);
    expect(await watching.next(({ cause }) => cause === "start")).toMatchObject({
      outcome: "planned",
      findings: expect.arrayContaining([expect.objectContaining({ code: "undeclared-org" })]),
      revision: 1,
    });
  });

  test("applies once nobody writes any more, not what stands there in between", async () => {
    const watching = watch("--apply", "--json", "--interval", "0", ...place);
    await watching.next(({ cause }) => cause === "start");
    for (const name of ["A", "Ac", "Acm", "Acme", "Acme T", "Acme Tw", "Acme Two"]) {
      writeFileSync(manifest("orgs/acme.yaml"), renamed(name));
      await setTimeout(150);
    }
    const applied = await watching.next(({ outcome }) => outcome === "applied");
    expect(applied).toMatchObject({ changes: 1, revision: 2 });
    expect(await watching.end("SIGTERM")).toBe(0);
    expect(watching.rest().join()).not.toContain("applied");
    expect((await tenantryInProcess(directory.path, ["show", "acme", ...place])).out).toContain("Acme Two");
  });

  test("looks for drift on the interval, and puts it back", async () => {
    const watching = watch("--apply", "--json", "--interval", "1", ...place);
    await watching.next(({ cause }) => cause === "start");
    const byHand = "update tenantry.org set name = 'By hand' where slug = 'acme'";
    if (database) await database.pool.query(byHand);
    else await editEmbedded(byHand);
    expect(await watching.next(({ outcome }) => outcome === "applied")).toMatchObject({
      cause: expect.stringMatching(/^(?:interval|retry)$/),
      changes: 1,
      scopes: ["acme"],
    });
  });
});

/** Waits its turn for the embedded database, as any other process has to. */
async function editEmbedded(sql: string): Promise<void> {
  const { openDatabase } = await import("../../src/database/connect.ts");
  for (;;) {
    try {
      const database = await openDatabase({ directory: join(directory.path, ".tenantry") });
      return void (await database.pool.query(sql).finally(() => database.close()));
    } catch (error) {
      if ((error as { code?: string }).code !== "database-in-use") throw error;
      await setTimeout(50);
    }
  }
}

describe("watch, without a database", () => {
  test("says in one line that the database is gone, and tries again", async () => {
    const watching = watch("--json", "--database", "postgres://nobody@127.0.0.1:1/none");
    const failed = (line: Line) => line.outcome === "failed";
    expect(await watching.next(failed)).toMatchObject({
      cause: "start",
      error: { code: "database-unreachable" },
      retryIn: 1,
    });
    expect(await watching.next(failed)).toMatchObject({ cause: "retry", retryIn: 2 });
    expect(await watching.end("SIGTERM")).toBe(0);
  });

  test("waits for a directory that is not there yet, and follows one that is made anew", async () => {
    const moved = join(directory.path, "moved");
    renameSync(join(directory.path, "tenants"), moved);
    const watching = watch("--json", "--interval", "0", "--database", "postgres://nobody@127.0.0.1:1/none");
    expect(await watching.next(() => true)).toMatchObject({
      outcome: "invalid",
      first: { code: "no-manifests" },
    });
    renameSync(moved, join(directory.path, "tenants"));
    expect(await watching.next(({ cause }) => cause === "tenants")).toMatchObject({ outcome: "failed" });
    renameSync(join(directory.path, "tenants"), moved);
    await watching.next(({ outcome }) => outcome === "invalid");
    renameSync(moved, join(directory.path, "tenants"));
    await watching.next(({ outcome }) => outcome === "failed");
  });

  test("ends at once where what it was asked for cannot be", async () => {
    const { exitCode, out } = await tenantryInProcess(directory.path, [
      "watch",
      "--json",
      "--database",
      "mysql://db.example/app",
    ]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(out).error).toMatchObject({
      code: "usage",
      message: expect.stringContaining("PostgreSQL server"),
    });
  });
});
