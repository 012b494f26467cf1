import { once } from "node:events";
import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { listeningAddress, originOf } from "../../src/command/listening-address.ts";
import { openDatabase } from "../../src/database/connect.ts";
import { type Sample, sampleDirectory, tenantryInProcess } from "../command.ts";
import { minted } from "../identity/keys-of-acme.ts";
import { balancedLoad } from "../server/balanced-load.ts";
import { rawSocket } from "../server/raw-socket.ts";
import { serverDatabase } from "../server-database.ts";
import { type ServingCommand, startServing } from "./serving-command.ts";

// Each test starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

let directory: Sample;
let place: readonly string[];

beforeAll(async () => {
  directory = sampleDirectory();
  place = ["--database", await serverDatabase("serve"), "--role-prefix", inject("engines").rolePrefix];
  expect(await tenantryInProcess(directory.path, ["apply", "--yes", ...place])).toMatchObject({
    exitCode: 0,
  });
});

afterAll(() => directory.remove());

const serve = (...args: readonly string[]) => startServing(directory.path, "--no-auth", ...place, ...args);
const serveWithKeys = (...args: readonly string[]) => startServing(directory.path, ...place, ...args);
const asks = (port: number, path: string) => fetch(`http://127.0.0.1:${port}${path}`);

test.each(["127.0.0.1", "127.3.4.5", "::1", "localhost"])("listens on %s", (host) => {
  for (const auth of [true, false])
    expect(listeningAddress({ host, auth })).toBe(host === "localhost" ? "127.0.0.1" : host);
});

test.each(["0.0.0.0", "::", "10.0.0.1"])("listens on %s where keys are needed", (host) => {
  expect(listeningAddress({ host, auth: true })).toBe(host);
});

test("what listens everywhere is reached here", () => {
  expect(["0.0.0.0", "::", "::1", "10.0.0.1"].map((address) => originOf(address, 80))).toEqual([
    "http://localhost:80",
    "http://localhost:80",
    "http://[::1]:80",
    "http://10.0.0.1:80",
  ]);
});

test.each(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example", "127.0.0.256", "example.org", "localhost.", ""])(
  "refuses to listen on %s without keys",
  (host) => {
    expect(() => listeningAddress({ host, auth: false })).toThrow(/this machine alone.*Leave --host out/);
  },
);

test.each(["127.0.0.256", "example.org", "localhost.", ""])("refuses to listen on %s at all", (host) => {
  expect(() => listeningAddress({ host, auth: true })).toThrow(/is no address/);
});

test("says where it serves on standard output, and nothing else anywhere", async () => {
  const serving = await serve();
  expect(serving.out()).toBe(`Serving 3 orgs at revision 1 on http://127.0.0.1:${serving.port}\n`);
  expect((await asks(serving.port, "/readyz")).status).toBe(200);
  serving.process.kill("SIGINT");
  expect(await serving.ended).toBe(0);
  expect(serving.talk()).toBe("");
});

test("without a key in the database nobody could ask: it says both ways out", async () => {
  for (const more of [[], ["--workers", "2"], ["--host", "0.0.0.0"]]) {
    const serving = await serveWithKeys(...more);
    expect(await serving.ended).toBe(1);
    expect(serving.talk()).toMatch(
      /^error\[usage\] There is no key yet.*`tenantry keys create --service NAME`.*--no-auth/,
    );
    expect(serving.out()).toBe("");
  }
});

test("with a key it listens on any address, answers who has it, and its workers take each other's tokens", async () => {
  const url = await serverDatabase("serve_keys");
  const { rolePrefix } = inject("engines");
  const there = ["--database", url, "--role-prefix", rolePrefix];
  expect(await tenantryInProcess(directory.path, ["apply", "--yes", ...there])).toMatchObject({
    exitCode: 0,
  });
  const database = await openDatabase({ url, rolePrefix });
  const { text } = await minted(database, "edge").finally(() => database.close());
  const serving = await startServing(
    directory.path,
    ...there,
    "--host",
    "0.0.0.0",
    "--workers",
    "2",
    "--max-orgs",
    "2",
  );
  const ask = (path: string, credential?: string, method = "GET") =>
    fetch(`http://127.0.0.1:${serving.port}${path}`, {
      method,
      headers: { connection: "close", ...(credential ? { authorization: `Bearer ${credential}` } : {}) },
    });
  expect(serving.out()).toContain("Serving orgs as they are asked for, at revision 1 on http://");
  expect(serving.talk()).toContain("no --origin is said: tokens name http://localhost:");
  expect((await ask("/readyz")).status).toBe(200);
  expect((await ask("/v1/orgs/acme/config")).status).toBe(401);
  expect((await ask("/v1/orgs/acme/config", text)).status).toBe(200);
  for (let times = 0; times < 10; times++) {
    const issued = (await (await ask("/v1/token", text, "POST")).json()) as { access_token: string };
    expect((await ask("/v1/key", issued.access_token)).status).toBe(200);
  }
});

test("a port that is taken is said with what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };
  for (const more of [[], ["--workers", "2"], ["--watch"]]) {
    const serving = await serve("--port", String(port), ...more);
    expect(await serving.ended).toBe(1);
    // Nothing was applied either.
    expect(serving.out()).toBe("");
    // Once, however many workers there would have been.
    expect(serving.talk()).toBe(
      `error[usage] Something listens on port ${port} of 127.0.0.1 already. Say another with --port, or --port 0 for any that is free.\n`,
    );
  }
});

test("what is no port, no origin, no level is refused", async () => {
  for (const [option, value] of [
    ["--port", "65536"],
    ["--origin", "https://flags.example.org/path"],
    ["--origin", "file:///etc"],
    ["--log-level", "loud"],
    ["--workers", "0"],
    ["--host", "0.0.0.0"],
  ] as const) {
    const serving = await serve(option, value);
    expect(await serving.ended).toBe(1);
    expect(serving.talk()).toContain(value);
  }
});

test("an origin's name is answered to", async () => {
  const serving = await serve("--origin", "https://flags.example.org");
  for (const [host, status] of [
    ["flags.example.org", 200],
    ["other.example.org", 421],
  ] as const) {
    const socket = await rawSocket(serving.port);
    socket.write(`GET /livez HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await socket.ended()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

describe("with workers", () => {
  test("an embedded database is refused, and so is applying", async () => {
    const embedded = await startServing(directory.path, "--no-auth", "--workers", "2");
    expect(await embedded.ended).toBe(1);
    expect(embedded.talk()).toMatch(/^error\[usage\] An embedded database can be open in one process only/);
    const watching = await serve("--workers", "2", "--watch");
    expect(await watching.ended).toBe(1);
    expect(watching.talk()).toMatch(/leave out --watch, or --workers/);
  });

  test("more than the processors can do with are refused", async () => {
    const most = 4 * availableParallelism();
    const serving = await serve("--workers", String(most + 1));
    expect(await serving.ended).toBe(1);
    expect(serving.talk()).toMatch(
      new RegExp(`^error\\[usage\\] ${most + 1} workers are too many: .* Say ${most} at most`),
    );
  });

  test("all answer, one that is killed is replaced, and SIGTERM drains all", async () => {
    const serving = await serve("--workers", "2", "--drain", "1", "--log-level", "info");
    expect(serving.out().match(/^Serving /gm)).toHaveLength(1);
    const before = await workers(serving);
    expect(before.size).toBe(2);
    const [victim] = before;
    process.kill(victim as number, "SIGKILL");
    await serving.says(/a worker ended, and another is started/);
    expect((await asks(serving.port, "/livez")).status).toBe(200);
    let after = before;
    while (after.size < 2 || after.has(victim as number)) after = await workers(serving);

    const load = balancedLoad(serving.port, 16);
    while (load.answered() < 300) await setTimeout(20);
    const text = await (await asks(serving.port, "/metrics")).text();
    const counted = /_count\{route="\/v1\/orgs\/:org\/check",method="POST",status="200"\} (\d+)/.exec(text);
    expect(Number(counted?.[1])).toBeGreaterThanOrEqual(300);
    expect(text).toContain("tenantry_orgs_held 3");
    serving.process.kill("SIGTERM");
    const { sent, answered, lost } = await load.over;
    expect(lost).toEqual([]);
    expect(answered).toBe(sent);
    expect(await serving.ended).toBe(0);
  });

  test("a second signal ends all at once", async () => {
    const serving = await serve("--workers", "2", "--drain", "60", "--log-level", "info");
    const pids = await workers(serving);
    serving.process.kill("SIGTERM");
    await serving.says(/the server is stopping/);
    serving.process.kill("SIGTERM");
    expect(await serving.ended).toBe("SIGTERM");
    for (const pid of pids) await gone(pid);
  });
});

/** The processes that serve, as their log names them. */
async function workers({ talk }: ServingCommand): Promise<Set<number>> {
  await setTimeout(20);
  const listening = talk().matchAll(/"pid":(\d+),"msg":"Server listening/g);
  return new Set([...listening].map(([, pid]) => Number(pid)).filter(isAlive));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  for (const begun = Date.now(); isAlive(pid); await setTimeout(20)) {
    if (Date.now() - begun > 10_000) throw new Error(`The process ${pid} is still there.`);
  }
}
