import { once } from "node:events";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { gracefulClose } from "../../src/server/graceful-close.ts";
import { makeStanding } from "../../src/server/standing.ts";
import { startServing } from "../command/serving-command.ts";
import { type Sample, sampleWithDatabase, tenantryInProcess } from "../command.ts";
import { eachEngine, urls } from "../engines.ts";
import { balancedLoad } from "./balanced-load.ts";
import { rawSocket } from "./raw-socket.ts";
import { serveEstate } from "./serve-estate.ts";

// Making an embedded database, and starting processes, takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

eachEngine("shutdown", (open, engine) => {
  describe("of the command", () => {
    let directory: Sample;
    let place: readonly string[];

    beforeEach(async () => {
      directory = sampleWithDatabase();
      const url = engine === "postgres" ? (urls.get(await open()) as string) : null;
      place = url ? ["--database", url, "--role-prefix", inject("engines").rolePrefix] : [];
      expect(await tenantryInProcess(directory.path, ["apply", "--yes", ...place])).toMatchObject({
        exitCode: 0,
      });
    });

    afterEach(() => directory.remove());

    test("SIGTERM under load drops nothing", async () => {
      const serving = await startServing(directory.path, "--no-auth", "--drain", "1", ...place);
      const load = balancedLoad(serving.port, 32);
      while (load.answered() < 500) await setTimeout(20);
      serving.process.kill("SIGTERM");
      const begun = performance.now();
      const { sent, answered, lost } = await load.over;
      expect(lost).toEqual([]);
      expect(answered).toBe(sent);
      expect(await serving.ended).toBe(0);
      const took = performance.now() - begun;
      expect(took).toBeGreaterThan(900);
      expect(took).toBeLessThan(20_000);
    });

    test.runIf(engine === "postgres")(
      "SIGINT does not drain, and a second signal ends it at once",
      async () => {
        const first = await startServing(directory.path, "--no-auth", "--drain", "60", ...place);
        first.process.kill("SIGINT");
        expect(await first.ended).toBe(0);
        const second = await startServing(
          directory.path,
          "--no-auth",
          "--drain",
          "60",
          "--log-level",
          "info",
          ...place,
        );
        second.process.kill("SIGTERM");
        await second.says(/the server is stopping/);
        second.process.kill("SIGTERM");
        expect(await second.ended).toBe("SIGTERM");
      },
    );
  });

  test("waits for an answer under way, whose connection then closes, and for no silent one", async () => {
    const standing = makeStanding();
    const { app } = await serveEstate(await open(), { standing });
    let finish: () => void = () => {};
    app.get("/slow", (_, reply) => {
      finish = () => reply.send({ done: true });
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const port = (app.server.address() as AddressInfo).port;
    const idle = await rawSocket(port);
    idle.write("GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await idle.hears("live");
    const slow = await rawSocket(port);
    slow.write("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await once(app.server, "request");
    const closed = gracefulClose(app, standing, { drain: 0, deadline: 30_000 });
    expect(standing.isDraining).toBe(true);
    await idle.ended();
    finish();
    expect(await slow.ended()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\{"done":true\}$/);
    expect(await closed).toBe(0);
  });

  test("cuts at the deadline what does not end", async () => {
    const standing = makeStanding();
    const { app } = await serveEstate(await open(), { standing });
    app.get("/never", () => {});
    await app.listen({ port: 0, host: "127.0.0.1" });
    const asking = get({
      host: "127.0.0.1",
      port: (app.server.address() as AddressInfo).port,
      path: "/never",
    });
    const cut = once(asking, "error");
    await once(app.server, "request");
    expect(await gracefulClose(app, standing, { drain: 0, deadline: 100 })).toBe(1);
    await cut;
  });
});
