import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import type { LoadTarget } from "./http-request.ts";

export interface PinnedServer {
  readonly origin: string;
  /** The seconds of processor time that it used so far, by its own account in /proc. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** The processors of the server and of the load: they never share one. */
export const serverCore = "0";
export const loadCore = "1";

/** Starts a server on a processor of its own, and waits until it listens. Rejects with what it said if it ends before. */
export async function startPinned(target: LoadTarget): Promise<PinnedServer> {
  const child = spawn("taskset", ["-c", serverCore, ...target.command], {
    cwd: target.cwd,
    env: { ...process.env, NODE_ENV: "production", ...target.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part: Buffer) => {
      said = (said + part).slice(-4_000);
    });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let isEnded = false;
  void ended.then(() => {
    isEnded = true;
  });
  const stop = async () => {
    child.kill();
    // What does not want to end in five seconds is ended.
    const waiting = new AbortController();
    await Promise.race([ended, setTimeout(5_000, null, waiting).catch(() => {})]);
    waiting.abort();
    if (!isEnded) child.kill("SIGKILL");
  };
  const until = performance.now() + 60_000;
  while (performance.now() < until && !isEnded) {
    const origin = target.ready?.origin ?? /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    if (origin && (await answers(`${origin}${target.ready?.path ?? "/"}`, target.ready !== undefined)))
      return { origin, pid: child.pid ?? 0, stop };
    await setTimeout(100);
  }
  await stop();
  throw new Error(said.trim().split("\n").at(-1) ?? "It did not listen.");
}

async function answers(url: string, hasToSucceed: boolean): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok || !hasToSucceed;
    },
    () => false,
  );
}
