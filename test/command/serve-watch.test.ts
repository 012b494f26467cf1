import { spawn } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { type Sample, sampleWithDatabase } from "../command.ts";
import { eachEngine, urls } from "../engines.ts";
import { inheritedEnvironment } from "../inherited-environment.ts";

/** Starting an embedded database takes long where much else runs. */
vi.setConfig({ testTimeout: 120_000 });

const cli = join(import.meta.dirname, "../../src/cli.ts");
const loader = join(import.meta.dirname, "../typescript-loader.mjs");

let directory: Sample;
const started: Serving[] = [];

beforeEach(() => {
  directory = sampleWithDatabase();
});

afterEach(async () => {
  for (const serving of started.splice(0)) await serving.end("SIGKILL");
  directory.remove();
});

/** A process that serves. */
interface Serving {
  /** Waits for something that it says, on either stream. */
  readonly says: (words: RegExp) => Promise<string>;
  readonly said: () => string;
  /** Sends a signal, and returns what the process ended with. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
  /** The dashboard's flag in acme, as the server answers it. */
  readonly asks: () => Promise<boolean>;
}

async function serve(...args: readonly string[]): Promise<Serving> {
  const serving = spawn(
    process.execPath,
    ["--import", loader, cli, "serve", "--no-auth", "--watch", "--port", "0", ...args],
    { cwd: directory.path, env: inheritedEnvironment(), stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  const hear = (bytes: Buffer) => {
    said += bytes;
  };
  serving.stdout.on("data", hear);
  serving.stderr.on("data", hear);
  const ended = new Promise<number | null>((resolve) => serving.on("close", resolve));
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  const says: Serving["says"] = async (words) => {
    for (const begun = Date.now(); !hasEnded && Date.now() - begun < 50_000; await setTimeout(20)) {
      const found = words.exec(said);
      if (found) return found[1] ?? found[0];
    }
    throw new Error(`It never said ${words}, but:\n${said}`);
  };
  let address = "";
  const self: Serving = {
    says,
    said: () => said,
    end(signal) {
      serving.kill(signal);
      return ended;
    },
    async asks() {
      const response = await fetch(`${address}/v1/orgs/acme/check`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ questions: [{ flag: "new_dashboard" }] }),
      });
      const { answers } = (await response.json()) as { answers: readonly { value: boolean }[] };
      return (answers[0] as { value: boolean }).value;
    },
  };
  started.push(self);
  address = await says(/(http:\/\/127\.0\.0\.1:\d+)/);
  return self;
}

async function answers(serving: Serving, value: boolean): Promise<void> {
  for (const begun = Date.now(); (await serving.asks()) !== value; await setTimeout(20)) {
    if (Date.now() - begun > 50_000) throw new Error(`It never answered ${value}:\n${serving.said()}`);
  }
}

const manifest = (file: string) => join(directory.path, "tenants", file);
const acme = (value: string) =>
  readFileSync(manifest("orgs/acme.yaml"), "utf8").replace(
    /new_dashboard: \w+ # /,
    `new_dashboard: ${value} # `,
  );

/** Saves as editors do: a file beside it is written, and takes its name. */
function save(file: string, text: string): void {
  writeFileSync(`${manifest(file)}.tmp`, text);
  renameSync(`${manifest(file)}.tmp`, manifest(file));
}

eachEngine("serve --watch", (open, engine) => {
  let place: readonly string[] = [];

  beforeEach(async () => {
    if (engine === "pglite") return;
    place = ["--database", urls.get(await open()) as string, "--role-prefix", inject("engines").rolePrefix];
  });

  test("applies what is there, then each edit, and answers all the while", async () => {
    const serving = await serve(...place);
    expect(serving.said()).toMatch(/start {5}\d+ changes in catalog, acme and 2 more {2}applied, revision 1/);
    expect(serving.said()).toContain("Serving 3 orgs at revision 1");
    expect(await serving.asks()).toBe(true);

    save("orgs/acme.yaml", acme("false"));
    await serving.says(/tenants {3}1 change in acme {2}applied, revision 2/);
    // At once, without a look at the database on the interval.
    expect(await serving.asks()).toBe(false);

    save("orgs/acme.yaml", acme("perhaps"));
    await serving.says(/tenants {3}error\[[a-z-]+\] tenants\/orgs\/acme\.yaml:\d+:\d+/);
    expect(await serving.asks()).toBe(false);

    save("orgs/acme.yaml", acme("true"));
    await answers(serving, true);
    expect(await serving.end("SIGTERM")).toBe(0);
  });
});

describe("serve --watch", () => {
  test("tells of a plan that a brake stops, and goes on answering as before", async () => {
    const serving = await serve();
    const without = acme("false");
    rmSync(manifest("orgs/globex.yaml"));
    await serving.says(/stopped by undeclared-org globex/);
    save("orgs/acme.yaml", without);
    await serving.says(/tenants {3}[^\n]*\n[^\n]*tenants {3}[^\n]*stopped by undeclared-org globex/);
    expect(await serving.asks()).toBe(true);
    expect(serving.said()).not.toContain("revision 2");
  });

  test("serves an empty estate where the manifests are faulty from the start, until they are mended", async () => {
    const good = acme("true");
    writeFileSync(manifest("orgs/acme.yaml"), good.replace("apiVersion", "apiVersoin"));
    const serving = await serve();
    expect(serving.said()).toMatch(/start {5}error\[/);
    expect(serving.said()).toContain("Serving 0 orgs at revision 0");
    save("orgs/acme.yaml", good);
    await serving.says(/applied, revision 1/);
    expect(await serving.asks()).toBe(true);
  });
});
