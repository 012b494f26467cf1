import Fastify from "fastify";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Authenticator } from "../../../src/identity/authenticator.ts";
import type { LiveKey } from "../../../src/identity/find-key.ts";
import { makeDecisionTally } from "../../../src/server/decision-tally.ts";
import { ofrep } from "../../../src/server/ofrep.ts";
import { eachEngine } from "../../engines.ts";
import { openStream } from "./event-source.ts";
import { listen, serveFlags } from "./flag-estate.ts";

const key = (id: string, orgId: string | null, org: string | null): LiveKey => {
  return { id, orgId, org, name: id, scopes: [], expires: null };
};

eachEngine("streams of keys", (open) => {
  test("the keys of one org hold their share of all streams at most, and a service as many as there are", async () => {
    const { estate, clock } = await serveFlags(await open());
    const idOf = async (slug: string) => (await estate.org(slug))?.id as string;
    const keys = [
      key("acme-1", await idOf("acme"), "acme"),
      key("acme-2", await idOf("acme"), "acme"),
      key("globex-1", await idOf("globex"), "globex"),
      key("edge", null, null),
    ];
    const authenticator = {
      onChange: () => () => {},
      findKey: async (id: string) => keys.find((key) => key.id === id),
    } as unknown as Authenticator;
    const serving = { estate, authenticator, clock: () => clock.now, maxStale: 60_000 };
    const app = Fastify();
    app.decorateRequest("caller", null);
    app.addHook("onRequest", async (request) => {
      request.caller = keys.find(({ id }) => id === request.headers["x-key"]) ?? null;
    });
    const limits = { max: 6, maxOfOrg: 2, heartbeat: 60_000 };
    ofrep(app, { ...serving, origin: "https://x.example", decisions: makeDecisionTally() }, limits);
    onTestFinished(() => app.close());
    const base = await listen({ app });
    const opened = async (name: string, org: string) => {
      const url = `${base.replace("acme", org)}/ofrep/v1/events`;
      const response = await openStream(url, { "x-key": name });
      onTestFinished(() => void response.destroy());
      return response;
    };
    const first = await opened("acme-1", "acme");
    expect([first.statusCode, (await opened("acme-2", "acme")).statusCode]).toEqual([200, 200]);
    const refused = await opened("acme-1", "acme");
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "30"]);
    expect(JSON.parse(String(await refused.setEncoding("utf8").toArray()))).toMatchObject({
      type: "urn:tenantry:problem:too-many-streams",
      detail: "The keys of one org may hold 2 streams.",
    });
    expect((await opened("globex-1", "globex")).statusCode).toBe(200);
    for (const org of ["acme", "globex", "acme"]) expect((await opened("edge", org)).statusCode).toBe(200);
    expect((await opened("edge", "globex")).statusCode).toBe(503);
    first.destroy();
    await vi.waitFor(async () => expect((await opened("acme-2", "acme")).statusCode).toBe(200));
  });
});
