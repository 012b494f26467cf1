import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { inheritedEnvironment } from "../inherited-environment.ts";

const cli = join(import.meta.dirname, "../../src/cli.ts");
const loader = join(import.meta.dirname, "../typescript-loader.mjs");

/** `tenantry serve` as a process of its own. */
export interface ServingCommand {
  readonly process: ChildProcess;
  readonly port: number;
  /** What it has said so far, on standard output and on standard error. */
  readonly out: () => string;
  readonly talk: () => string;
  /** Waits for words on either stream. */
  readonly says: (words: RegExp) => Promise<void>;
  /** Resolves with the exit code, or the signal that it died of. */
  readonly ended: Promise<number | string | null>;
}

/** Starts `tenantry serve` in a directory, on a port that is free; resolves when it serves, or has ended. */
export async function startServing(directory: string, ...args: readonly string[]): Promise<ServingCommand> {
  const child = spawn(process.execPath, ["--import", loader, cli, "serve", "--port", "0", ...args], {
    cwd: directory,
    env: inheritedEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let talk = "";
  let hasEnded = false;
  child.stdout.on("data", (bytes) => {
    out += bytes;
  });
  child.stderr.on("data", (bytes) => {
    talk += bytes;
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal)),
  );
  void ended.then(() => {
    hasEnded = true;
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const says: ServingCommand["says"] = async (words) => {
    for (const begun = Date.now(); Date.now() - begun < 120_000; await setTimeout(20)) {
      if (words.test(out) || words.test(talk)) return;
      if (hasEnded) break;
    }
    throw new Error(`It never said ${words}, but:\n${out}${talk}`);
  };
  await Promise.race([says(/^Serving /m).catch((error) => hasEnded || Promise.reject(error)), ended]);
  const port = Number(/^Serving .*:(\d+)$/m.exec(out)?.[1] ?? 0);
  return { process: child, port, out: () => out, talk: () => talk, says, ended };
}
