import { expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { get } from "../answers.ts";
import { serveEstate } from "../serve-estate.ts";

eachEngine("the native API's config", (open) => {
  test("says what an app needs to show itself to an org, and no secret", async () => {
    const served = await serveEstate(await open());
    const { status, text, body } = await get(served, "/v1/orgs/acme/config");
    expect(status).toBe(200);
    expect(text).not.toMatch(/secret/i);
    expect(body).toEqual({
      org: "acme",
      name: "Acme Corp",
      status: "active",
      branding: { primary: "#0b5fff", font: "Inter" },
      banner: {
        message: "Sunday 02:00 UTC: read-only for two hours",
        variant: "warning",
        dismissible: true,
        starts: null,
        until: null,
      },
      security: { require_mfa: true, allow_user_key_override: false },
      notifications: { incidents: { email: ["ops@acme.example"], webhooks: ["erp"], enabled: true } },
      webhooks: {
        erp: {
          description: null,
          url: "https://erp.acme.example/hooks/shopfront",
          events: ["order.created", "order.paid"],
          enabled: true,
        },
      },
      trace: { mode: "sampled", sample_rate: 0.1, retention_days: 14 },
      workspaces: [
        {
          workspace: "web",
          environments: [
            { environment: "web/dev", tier: "dev", host: "localhost" },
            { environment: "web/live", tier: "prod", host: "cloudrun" },
          ],
        },
      ],
      revision: 1,
    });
  });

  test("has a banner only in its time, and something to say of an org that says nothing", async () => {
    const served = await serveEstate(await open());
    await served.apply({
      "orgs/hooli.yaml": `apiVersion: tenantry/v1
org: hooli
members: { gil@hooli.example: owner }
banner: { message: Closing early, from: 2026-11-21T09:00:00Z, until: 2026-11-22T09:00:00Z }
`,
    });
    await served.estate.refresh();
    const banner = async (now: string) => {
      served.clock.now = Date.parse(now);
      return (await get(served, "/v1/orgs/hooli/config")).body.banner?.message ?? null;
    };
    expect(await banner("2026-11-21T08:59:59.999Z")).toBeNull();
    expect(await banner("2026-11-21T09:00:00Z")).toBe("Closing early");
    expect(await banner("2026-11-22T09:00:00Z")).toBeNull();
    expect((await get(served, "/v1/orgs/hooli/config")).body).toMatchObject({
      name: null,
      status: "active",
      branding: null,
      security: { require_mfa: false, allow_user_key_override: false },
      notifications: {},
      webhooks: {},
      workspaces: [],
    });
  });
});
