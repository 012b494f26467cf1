import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchServer } from "../bench-database.ts";
import { median } from "../compare.ts";
import { aligned, digits } from "./aligned.ts";
import { betterAuthTarget } from "./better-auth-target.ts";
import { cerbosTarget } from "./cerbos-target.ts";
import { fillEstate } from "./fill-estate.ts";
import type { LoadTarget } from "./http-request.ts";
import { installPeers } from "./install-peers.ts";
import { findLoad, isInstalled, type Load, type LoadFigures } from "./load.ts";
import { type MeasuredGroup, type Target, targetLine } from "./measured-group.ts";
import { mintedKey } from "./minted-key.ts";
import { constantTarget, ownTargets } from "./own-targets.ts";
import { permissionFixture, usualPermissions } from "./permission-fixture.ts";
import { loadCore, type PinnedServer, serverCore, startPinned } from "./pinned-server.ts";

const connections = 64;
// Many short rounds: what else the machine does changes within a minute, and falls on all servers of a round alike.
const rounds = 15;
const seconds = 2;
const warmUp = 1;
const title = `HTTP, the server on one core: JSON POST, ${connections} connections, 1,000 orgs × 20 members`;

/** Servers on a processor of their own, loaded in turn from another. */
export async function measureHttp(server: BenchServer | null): Promise<MeasuredGroup> {
  const skip = (text: string) => ({ title, text: `skipped: ${text}`, figures: null, targets: [] });
  if (!isInstalled("taskset")) return skip("there is no taskset here, to give the server a core of its own");
  if (!server) return skip("there is no PostgreSQL here, to serve from");
  const folder = mkdtempSync(join(tmpdir(), "tenantry-bench-http-"));
  const load = findLoad();
  const skipped: string[] = [];
  const running: Running[] = [];
  try {
    for (const make of await targetsOf(server, folder)) {
      try {
        running.push(await started(await make()));
      } catch (error) {
        skipped.push((error as Error).message.slice(0, 300));
      }
    }
    for (let round = 0; round < rounds; round++)
      for (const { server, target, figures } of round % 2 === 0 ? running : running.toReversed()) {
        // Who waited for its turn is cold: its memory was taken by others meanwhile, or by the system.
        await load.run(server.origin, target.requests, { connections, seconds: warmUp });
        figures.push(await load.run(server.origin, target.requests, { connections, seconds }));
      }
  } finally {
    for (const { server } of running) await server.stop();
    rmSync(folder, { recursive: true });
  }
  return summary(running, skipped, load);
}

interface Running {
  readonly target: LoadTarget;
  readonly server: PinnedServer;
  readonly figures: LoadFigures[];
}

async function targetsOf(
  server: BenchServer,
  folder: string,
): Promise<readonly (() => LoadTarget | Promise<LoadTarget>)[]> {
  const fixture = permissionFixture(usualPermissions);
  const url = await server.fresh("served");
  await fillEstate(url, usualPermissions);
  const key = await mintedKey(url);
  const installed = (name: string, target: () => Promise<LoadTarget>) => () => {
    const missing = installPeers(name);
    if (missing) throw new Error(`${name}: ${missing}`);
    return target();
  };
  return [
    () => constantTarget(fixture),
    ...ownTargets(fixture, { url, key }).map((target) => () => target),
    installed("cerbos", () => cerbosTarget(fixture, folder)),
    installed("better-auth", async () => betterAuthTarget(fixture, await server.fresh("better_auth"))),
  ];
}

/** Starts a server and compares its first answers with the fixture: the speed of wrong answers is worth nothing. */
async function started(target: LoadTarget): Promise<Running> {
  const server = await startPinned(target).catch((error) => {
    throw new Error(`${target.name}: ${(error as Error).message}`);
  });
  const credentials = await target.credentials?.(server.origin);
  const requests = target.requests.map((request) => ({
    ...request,
    headers: { ...request.headers, ...credentials },
  }));
  for (const { path, headers, body, isRight } of requests.slice(0, 100)) {
    const response = await fetch(`${server.origin}${path}`, { method: "POST", headers, body });
    const text = await response.text();
    if (isRight(response.status, text)) continue;
    await server.stop();
    throw new Error(`${target.name}: a wrong answer, ${response.status} ${text}`);
  }
  return { target: { ...target, requests }, server, figures: [] };
}

/** What every answer over HTTP is held against. */
const limit = "Fastify, constant answer";

function summary(running: readonly Running[], skipped: readonly string[], load: Load): MeasuredGroup {
  const measured = running.map(({ target: { name }, figures }) => {
    const middle = (of: (each: LoadFigures) => number) => median(figures.map(of));
    return {
      name,
      perSecond: middle(({ perSecond }) => perSecond),
      least: Math.min(...figures.map(({ perSecond }) => perSecond)),
      most: Math.max(...figures.map(({ perSecond }) => perSecond)),
      p50: middle(({ p50 }) => p50),
      p99: middle(({ p99 }) => p99),
      errors: figures.reduce((sum, { errors }) => sum + errors, 0),
    };
  });
  /** The middle one of the rounds' ratios; null where one of them was not measured. */
  const ratioOf = (own: string, other: string) => {
    const [ours, theirs] = [own, other].map((name) => running.find(({ target }) => target.name === name));
    if (!ours || !theirs) return null;
    return median(
      ours.figures.map(({ perSecond }, round) => perSecond / (theirs.figures[round]?.perSecond ?? 0)),
    );
  };
  const rows = measured.map(({ name, perSecond, least, most, p50, p99, errors }) => [
    name,
    digits(perSecond),
    `${digits(least)}–${digits(most)}`,
    `${(100 * (ratioOf(name, limit) ?? Number.NaN)).toFixed(1)} %`,
    p50.toFixed(2),
    p99.toFixed(2),
    String(errors),
  ]);
  const target = (other: string, wanted: Pick<Target, "atLeast">, what: string, own = "check"): Target[] => {
    const measured = ratioOf(`Tenantry, ${own}`, other);
    return measured === null ? [] : [{ what, measured, unit: "×", ...wanted }];
  };
  const targets = [
    ...target(limit, { atLeast: 0.7 }, "check against Fastify's constant answer"),
    ...["check with a key", "check with a token"].flatMap((own) =>
      target(limit, { atLeast: 0.6 }, `${own} against Fastify's constant answer`, own),
    ),
    ...target("Cerbos, roles sent along", { atLeast: 10 }, "check against Cerbos"),
    ...target("better-auth has-permission", { atLeast: 70 }, "check against better-auth's has-permission"),
  ];
  const text = [
    aligned([["", "requests/s", "least–most", "of constant", "p50 ms", "p99 ms", "errors"], ...rows]),
    ...skipped.map((each) => `skipped: ${each}`),
    `server on core ${serverCore}, load by ${load.by} on core ${loadCore}; ${rounds} rounds in turn, ${seconds} s each after ${warmUp} s to warm up, of which the middle one counts; the first 100 answers of each were right`,
    ...targets.map(targetLine),
  ].join("\n");
  return { title, text, figures: { by: load.by, measured, skipped }, targets };
}
