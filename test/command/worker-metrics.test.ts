import { EventEmitter } from "node:events";
import { Gauge, Registry } from "prom-client";
import { expect, test } from "vitest";
import type { ToWorker } from "../../src/command/worker-master.ts";
import { type Askable, fleetMetrics, ownMetrics } from "../../src/command/worker-metrics.ts";

const revision = (value: number) => `tenantry_revision ${value}\n`;

test("the metrics of all that serve are put together as each of them says", async () => {
  const metrics = fleetMetrics();
  for (const value of [7, 5, 6]) metrics.add(telling(value));
  expect(await metrics.text()).toContain(revision(5));
});

test("a worker that does not answer is left out", async () => {
  const metrics = fleetMetrics(20);
  metrics.add(silent());
  await expect(metrics.text()).rejects.toThrow("No worker told its metrics.");
  metrics.add(telling(7));
  expect(await metrics.text()).toContain(revision(7));
});

test("a worker that ends is not waited for, and is asked no more", async () => {
  const metrics = fleetMetrics(3_600_000);
  const dying = silent();
  metrics.add(dying);
  metrics.add(telling(7));
  const text = metrics.text();
  dying.emit("disconnect");
  expect(await text).toContain(revision(7));
  expect(await metrics.text()).toContain(revision(7));
  expect(dying.questions).toBe(1);
});

test("a worker that cannot be asked any more, or cannot tell, is left out", async () => {
  const metrics = fleetMetrics(3_600_000);
  const closed = new EventEmitter() as EventEmitter & Askable;
  closed.send = ((_: ToWorker, told: (error: Error) => void) => told(new Error("closed"))) as never;
  metrics.add(closed);
  metrics.add(telling(null));
  metrics.add(telling(7));
  expect(await metrics.text()).toContain(revision(7));
});

/** A worker whose metrics are one gauge; null: it fails. */
function telling(value: number | null): EventEmitter & Askable {
  const registry = new Registry();
  const collect = () => {
    if (value === null) throw new Error("no such thing");
  };
  const about = { name: "tenantry_revision", help: "a revision", aggregator: "min" as const };
  new Gauge({ ...about, registers: [registry], collect }).set(value ?? 0);
  const worker = new EventEmitter() as EventEmitter & Askable;
  worker.send = (async ({ id }: ToWorker & { readonly id: number }) => {
    // Messages between processes are JSON.
    const metrics = JSON.parse(JSON.stringify(await ownMetrics([registry])));
    worker.emit("message", { kind: "own-metrics", id, metrics });
  }) as never;
  return worker;
}

/** A worker that is still starting, or stopped in its tracks. */
function silent(): EventEmitter & Askable & { questions: number } {
  const worker = new EventEmitter() as EventEmitter & Askable & { questions: number };
  worker.questions = 0;
  worker.send = (() => {
    worker.questions++;
  }) as never;
  return worker;
}
