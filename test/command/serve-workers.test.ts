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

test("metrics are told all the while that a worker is started in the place of another", async () => {
  const serving = await startServing(
    directory.path,
    ...["--no-auth", ...place, "--workers", "2", "--log-level", "info"],
  );
  const listening = () => [...serving.talk().matchAll(/"pid":(\d+),"msg":"Server listening/g)];
  process.kill(Number(listening()[0]?.[1]), "SIGKILL");
  await serving.says(/worker ended/i);
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
});
