import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { HttpRequest } from "./http-request.ts";
import { loadCore } from "./pinned-server.ts";
import { repository } from "./repository.ts";

export interface LoadOrder {
  readonly origin: string;
  readonly requestsFile: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadFigures {
  readonly perSecond: number;
  /** Milliseconds. With many connections they are mostly the wait for one's turn. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not 200, and connections that broke. */
  readonly errors: number;
}

/** Loads a server with its requests in turn, over connections that stay open. */
export interface Load {
  readonly by: "wrk" | "node:net";
  readonly run: (
    origin: string,
    requests: readonly HttpRequest[],
    given: Pick<LoadOrder, "connections" | "seconds">,
  ) => Promise<LoadFigures>;
}

/** `wrk` where it is installed; else sockets of our own, which take more of their processor. */
export function findLoad(): Load {
  const by = isInstalled("wrk") ? "wrk" : "node:net";
  return {
    by,
    async run(origin, requests, { connections, seconds }) {
      const folder = mkdtempSync(join(tmpdir(), "tenantry-bench-load-"));
      const requestsFile = join(folder, "requests");
      const order = { origin, requestsFile, connections, seconds };
      try {
        const texts = requests.map((request) => written(request, new URL(origin).host));
        writeFileSync(requestsFile, by === "wrk" ? `${texts.join("\n\0\n")}\n\0\n` : JSON.stringify(texts));
        return await (by === "wrk" ? byWrk(order) : bySockets(order));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

export function isInstalled(program: string): boolean {
  try {
    execFileSync("which", [program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const run = promisify(execFile);

async function byWrk({ origin, requestsFile, connections, seconds }: LoadOrder): Promise<LoadFigures> {
  const script = join(repository, "test", "bench", "runtime", "wrk-requests.lua");
  const options = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "-s", script];
  const { stdout } = await run("taskset", ["-c", loadCore, "wrk", ...options, origin, "--", requestsFile]);
  return JSON.parse(/^FIGURES (.*)$/m.exec(stdout)?.[1] ?? "{}") as LoadFigures;
}

async function bySockets(order: LoadOrder): Promise<LoadFigures> {
  const program = join(import.meta.dirname, "load-generator.js");
  const { stdout } = await run("taskset", ["-c", loadCore, process.execPath, program, JSON.stringify(order)]);
  return JSON.parse(stdout) as LoadFigures;
}

function written({ path, headers, body }: HttpRequest, host: string): string {
  const lines = Object.entries({ host, ...headers, "content-length": String(Buffer.byteLength(body)) });
  return [`POST ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", body].join(
    "\r\n",
  );
}
