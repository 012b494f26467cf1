import { expect, test } from "vitest";
import { eachEngine } from "../engines.ts";
import { get, post } from "./answers.ts";
import { serveEstate } from "./serve-estate.ts";

const renamed = (name: string) => ({
  "orgs/hooli.yaml": `apiVersion: tenantry/v1\norg: hooli\nname: ${name}\nmembers: { gil@hooli.example: owner }\n`,
});

eachEngine("the revision's headers", (open) => {
  test("are on every answer, and say its age where it is stale", async () => {
    const served = await serveEstate(await open());
    const all = async () => [
      await get(served, "/v1/orgs/acme/config"),
      await get(served, "/v1/orgs/nothing/config"),
      await get(served, "/v1/nothing"),
      await get(served, "/v1/orgs/acme/flags?no=1"),
      await post(served, "/v1/orgs/acme/check", {}),
      await get(served, "/v1/orgs/acme/config", { "tenantry-min-revision": "x" }),
      await get(served, "/v1/orgs/%ff/config"),
      await get(served, `/v1/orgs/${"a".repeat(1_100)}/config`),
    ];
    const fresh = await all();
    expect(fresh.map(({ status }) => status)).toEqual([200, 404, 404, 400, 400, 400, 400, 400]);
    const { epoch } = served.estate.state();
    for (const { headers } of fresh) {
      expect(headers).toMatchObject({ "tenantry-epoch": epoch, "tenantry-revision": "1" });
      expect(headers).not.toHaveProperty("tenantry-age");
    }
    served.clock.now += 60_999;
    for (const { headers } of await all()) expect(headers["tenantry-age"]).toBe("60");
  });

  test("are on refusals, too", async () => {
    const served = await serveEstate(await open(), { auth: true });
    const refused = [
      await get(served, "/v1/orgs/acme/config"),
      await get(served, "/v1/orgs/acme/config", { authorization: "Bearer a", "x-api-key": "b" }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 400]);
    for (const { headers } of refused) expect(headers["tenantry-revision"]).toBe("1");
  });

  test("wait for the revision that is asked for, a second at most", async () => {
    const served = await serveEstate(await open());
    const revision = await served.apply(renamed("Hooli"));
    const asked = (wanted: string) =>
      get(served, "/v1/orgs/hooli/config", { "tenantry-min-revision": wanted });
    const { status, headers, body } = await asked(String(revision));
    expect({ status, name: body.name, revision: headers["tenantry-revision"] }).toEqual({
      status: 200,
      name: "Hooli",
      revision: String(revision),
    });
    const begun = performance.now();
    const early = await asked("99");
    expect(performance.now() - begun).toBeGreaterThan(950);
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(early.headers["tenantry-revision"]).toBe(String(revision));
    expect(early.body).toEqual({
      type: "urn:tenantry:problem:revision-not-reached",
      title: "The revision asked for is not known here yet",
      status: 412,
      detail: "Revision 99 did not come within a second.",
    });
    for (const wrong of ["", "-1", "1.5", "1e3", "latest", "1, 2", "9".repeat(16)]) {
      const { status, body } = await asked(wrong);
      expect([status, body.detail]).toEqual([400, "Tenantry-Min-Revision has to be one whole number."]);
    }
  });

  test("are waited for where a revision matters, and nowhere else", async () => {
    const served = await serveEstate(await open(), { auth: true });
    const paths = [
      "/nowhere",
      "/v1/orgs",
      "/livez",
      "/readyz",
      "/metrics",
      "/openapi.json",
      "/.well-known/jwks.json",
    ];
    // Who had to wait would be answered with 412.
    for (const path of paths) {
      const { statusCode } = await served.app.inject({
        url: path,
        headers: { "tenantry-min-revision": "99" },
      });
      expect([path, statusCode]).toEqual([path, path === "/nowhere" || path === "/v1/orgs" ? 404 : 200]);
    }
  });
});
