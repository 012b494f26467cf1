import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { sampleWithDatabase, tenantryInProcess } from "../command.ts";
import { inheritedEnvironment } from "../inherited-environment.ts";

const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/openfeature");

test("the app that asks through OpenFeature is answered as its README shows", async () => {
  const directory = sampleWithDatabase();
  onTestFinished(directory.remove);
  expect((await tenantryInProcess(directory.path, ["apply", "--yes"])).exitCode).toBe(0);
  const url = await serve(directory.path);
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(example, "app.mjs"), "acme", "globex", "initech"],
    { env: { ...process.env, TENANTRY_URL: url }, encoding: "utf8" },
  );
  expect(status).toBe(0);
  const lines = stdout.trim().split("\n");
  expect(lines).toHaveLength(6);
  const shown = readFileSync(join(example, "README.md"), "utf8");
  // Who is within a share depends on the ids that this estate gave.
  const certain = lines.filter((line) => !/^acme {2}checkout|^initech {2}new_dashboard/.test(line));
  expect(certain).toHaveLength(4);
  for (const line of certain) expect(shown).toContain(`\n${line}\n`);
});

/** Serves until the test is over; gives the address. */
async function serve(directory: string): Promise<string> {
  const server = spawn(process.execPath, [join(root, "dist/cli.js"), "serve", "--no-auth", "--port", "0"], {
    cwd: directory,
    env: inheritedEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    const ended = once(server, "exit");
    server.kill("SIGINT");
    await ended;
  });
  for await (const line of createInterface(server.stdout)) {
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error("It ended before it listened.");
}
