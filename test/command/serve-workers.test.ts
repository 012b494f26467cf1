import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { type Sample, sampleDirectory, tenantryInProcess } from "../command.ts";
import { serverDatabase } from "../server-database.ts";
import { startServing } from "./serving-command.ts";

// Starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

let directory: Sample;
let place: readonly string[];

beforeAll(async () => {
  directory = sampleDirectory();
  place = [
    "--database",
    await serverDatabase("serve_workers"),
    "--role-prefix",
    inject("engines").rolePrefix,
  ];
  expect(await tenantryInProcess(directory.path, ["apply", "--yes", ...place])).toMatchObject({
    exitCode: 0,
  });
});

afterAll(() => directory.remove());

test("while a worker is started in the place of another metrics are told, and the log is one of lines of JSON", async () => {
  const serving = await startServing(
    directory.path,
    ...["--no-auth", ...place, "--workers", "2", "--log-level", "info"],
  );
  const listening = () => [...serving.talk().matchAll(/"pid":(\d+),"msg":"Server listening/g)];
  const victim = Number(listening()[0]?.[1]);
  process.kill(victim, "SIGKILL");
  await serving.says(/a worker ended/i);
  let scrapes = 0;
  while (listening().length < 3) {
    const begun = performance.now();
    const answer = await fetch(`http://127.0.0.1:${serving.port}/metrics`, {
      signal: AbortSignal.timeout(20_000),
    });
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining("tenantry_revision 1"),
    ]);
    // Who starts is not waited for.
    expect(performance.now() - begun).toBeLessThan(4_000);
    scrapes++;
    await setTimeout(50);
  }
  expect(scrapes).toBeGreaterThan(1);
  const log = serving.talk().trimEnd().split("\n");
  const told = log.map((line) => JSON.parse(line)).find(({ level }) => level === "warn");
  expect(told).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    pid: serving.process.pid,
    worker: victim,
    reason: "SIGKILL",
    delay_ms: expect.any(Number),
    msg: "a worker ended, and another is started",
  });
});
