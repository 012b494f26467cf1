import { expect, test } from "vitest";
import { makeDecisionTally } from "../../src/server/decision-tally.ts";
import { eachEngine } from "../engines.ts";
import { serveEstate } from "./serve-estate.ts";

eachEngine("metrics", (open) => {
  test("count requests by the route's pattern, and hold no name of an org, a member or a path", async () => {
    const { app } = await serveEstate(await open());
    const check = (org: string) =>
      app.inject({
        method: "POST",
        url: `/v1/orgs/${org}/check`,
        payload: { questions: [{ permission: "members:invite", member: "ana@acme.example" }] },
      });
    await check("acme");
    await check("acme");
    await check("nobody");
    await app.inject("/v1/secret-path?token=abc");
    const { body, headers } = await app.inject("/metrics");
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    const route = 'route="/v1/orgs/:org/check",method="POST"';
    const name = "tenantry_http_request_duration_seconds";
    expect(body).toContain(`${name}_count{${route},status="200"} 2`);
    expect(body).toContain(`${name}_bucket{le="+Inf",${route},status="200"} 2`);
    expect(body).toContain(`${name}_count{${route},status="404"} 1`);
    expect(body).toContain(`${name}_count{route="none",method="any",status="404"} 1`);
    expect(body).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(body).not.toMatch(/acme|nobody|ana@|secret|token/);
  });

  test("say how old, how far and how much is known", async () => {
    const { app, clock } = await serveEstate(await open());
    clock.now += 1_500;
    const { body } = await app.inject("/metrics");
    expect(body).toContain("tenantry_snapshot_age_seconds 1.5");
    expect(body).toContain("tenantry_revision 1");
    expect(body).toContain("tenantry_orgs_held 3");
    expect(body).toContain("tenantry_database_look_failures_total 0");
  });

  test("buckets hold what took at most so long", async () => {
    const { app } = await serveEstate(await open());
    for (let times = 0; times < 20; times++) await app.inject("/livez");
    const { body } = await app.inject("/metrics");
    const line = /_bucket\{le="([^"]+)",route="\/livez",method="GET",status="200"\} (\d+)/g;
    const counts = [...body.matchAll(line)].map(([, , count]) => Number(count));
    expect(counts).toHaveLength(17);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(20);
  });
});

test("decisions are counted by kind, result and reason", () => {
  const tally = makeDecisionTally();
  tally.count("permission", true, "granted");
  tally.count("permission", true, "granted");
  tally.count("permission", false, "granted");
  tally.count("flag", false, "unknown-flag");
  expect(tally.counts()).toEqual([
    { kind: "permission", result: "yes", reason: "granted", count: 2 },
    { kind: "permission", result: "no", reason: "granted", count: 1 },
    { kind: "flag", result: "no", reason: "unknown-flag", count: 1 },
  ]);
});
