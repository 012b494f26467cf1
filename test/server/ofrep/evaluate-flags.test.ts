import type { FastifyInstance } from "fastify";
import { expect, test, vi } from "vitest";
import { positionText } from "../../../src/server/ofrep/position.ts";
import { eachEngine } from "../../engines.ts";
import { askAll } from "./ask.ts";
import { acme, globex, serveFlags } from "./flag-estate.ts";
import { expectShape } from "./protocol.ts";

const etagOf = async (app: FastifyInstance, context: object = {}) =>
  String((await askAll(app, { payload: { context } })).headers.etag);

eachEngine("all flags by OFREP", (open) => {
  test("every flag by name, and where to hear of changes", async () => {
    const { app, estate } = await serveFlags(await open());
    const { flags, metadata, eventStreams } = (await askAll(app)).json();
    const keys = ["beta", "checkout", "new_dashboard", "page_size", "ratio", "regions", "theme"];
    expect(flags.map(({ key }: { key: string }) => key)).toEqual(keys);
    expect(metadata).toEqual({ revision: 1 });
    const since = positionText(estate.state());
    expect(eventStreams).toEqual([
      {
        type: "sse",
        endpoint: { requestUri: `/v1/orgs/acme/ofrep/v1/events?since=${since}` },
        inactivityDelaySec: 120,
      },
    ]);
    expectShape("eventStream", eventStreams[0]);
    const base = "/v1/orgs/acme/environments/web/dev";
    const there = (await askAll(app, { base, query: "x=/ofrep/v1/evaluate/flags" })).json();
    expect(there.eventStreams[0].endpoint.requestUri).toBe(`${base}/ofrep/v1/events?since=${since}`);
  });

  test("an ETag is of the answers: not of the revision, and not of a context that changes none", async () => {
    const { app, estate, apply } = await serveFlags(await open());
    const before = await etagOf(app);
    expect(await etagOf(app, { colour: "red" })).toBe(before);
    expect(await etagOf(app, { ip_country: "DE" })).not.toBe(before);
    await apply({ "orgs/globex.yaml": globex("flags: { new_dashboard: true }\n") });
    await estate.refresh();
    const later = await askAll(app, { headers: { "if-none-match": before } });
    expect([later.statusCode, later.headers["tenantry-revision"]]).toEqual([304, "2"]);
    await apply({ "orgs/acme.yaml": acme("flags: { new_dashboard: true }\n") });
    await estate.refresh();
    const changed = await askAll(app, { headers: { "if-none-match": before } });
    expect(changed.statusCode).toBe(200);
    expect(changed.headers.etag).not.toBe(before);
  });

  test("If-None-Match is a list, weak, bare or any", async () => {
    const { app } = await serveFlags(await open());
    const etag = await etagOf(app);
    const bare = etag.slice(3, -1);
    for (const match of [etag, `"${bare}"`, bare, `"x", ${etag}`, `"a,b",${etag} , "c"`, "*", " * "]) {
      const response = await askAll(app, { headers: { "if-none-match": match } });
      expect([response.statusCode, response.headers.etag, response.body], match).toEqual([304, etag, ""]);
    }
    for (const match of ["", '"x"', `"${bare}x"`, "W/"]) {
      expect((await askAll(app, { headers: { "if-none-match": match } })).statusCode, match).toBe(200);
    }
  });

  test("waits for the state that an event told of, and no longer than a second", async () => {
    const { app, estate, apply } = await serveFlags(await open());
    const { epoch } = estate.state();
    await apply({ "orgs/acme.yaml": acme("flags: { new_dashboard: true }\n") });
    const flagsFor = async (etag: string) =>
      (await askAll(app, { query: `flagConfigEtag=${etag}&flagConfigLastModified=1771622898` })).json();
    expect((await flagsFor("another-estate.9")).metadata).toEqual({ revision: 1 });
    expect((await flagsFor("of-another-server")).metadata).toEqual({ revision: 1 });
    const { metadata, flags } = await flagsFor(`${epoch}.2.0a1b-7.1771622898000`);
    expect(metadata).toEqual({ revision: 2 });
    expect(flags).toContainEqual(expect.objectContaining({ key: "new_dashboard", value: true }));
    expect((await flagsFor(`${epoch}.99`)).metadata).toEqual({ revision: 2 });
  });

  test("what another server told of is looked for, too, where it has no revision", async () => {
    const database = await open();
    const { app, estate, apply } = await serveFlags(database);
    await apply({ "orgs/acme.yaml": acme("flags: { new_dashboard: true }\n") });
    await estate.refresh();
    const { epoch, revision, taken } = estate.state();
    const valueFor = async (query: string) =>
      (await askAll(app, { query })).json().flags.find(({ key }: { key: string }) => key === "new_dashboard")
        .value;
    await database.pool.query("update tenantry.flag_override set value = 'false'");
    // Who was told by this server was told of what it knows.
    expect(await valueFor(`flagConfigEtag=${epoch}.${revision}.${taken}`)).toBe(true);
    expect(await valueFor(`flagConfigEtag=${epoch}.${revision}.0a1b-7`)).toBe(false);
  });

  test("a database that does not answer is not waited for longer than a second", async () => {
    const { app, estate } = await serveFlags(await open());
    const { epoch, revision } = estate.state();
    vi.spyOn(estate, "refresh").mockReturnValue(new Promise(() => {}));
    const begun = performance.now();
    expect((await askAll(app, { query: `flagConfigEtag=${epoch}.${revision}.0a1b-7` })).statusCode).toBe(200);
    expect(performance.now() - begun).toBeGreaterThan(950);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});
