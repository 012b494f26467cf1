import { type Client, OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { afterEach, expect, test } from "vitest";
import { TenantryProvider } from "../../src/openfeature/provider.ts";
import { clientOverEstate } from "../client-over-estate.ts";
import { eachEngine } from "../engines.ts";
import { acme, globex, serveFlags } from "../server/ofrep/flag-estate.ts";
import type { ServedEstate } from "../server/serve-estate.ts";

afterEach(() => OpenFeature.clearProviders());

async function flagsOf(served: ServedEstate, org: string | null = "acme") {
  const { client, trouble } = clientOverEstate(served.estate, () => served.clock.now, "acme");
  const provider = new TenantryProvider(client, org === null ? {} : { org });
  await OpenFeature.setProviderAndWait(provider);
  return { flags: OpenFeature.getClient(), provider, trouble };
}

eachEngine("OpenFeature's provider in process", (open) => {
  test("has values of every type", async () => {
    const { flags } = await flagsOf(await serveFlags(await open()));
    expect(await flags.getBooleanValue("new_dashboard", true)).toBe(false);
    expect(await flags.getStringValue("checkout", "none")).toBe("v1");
    expect(await flags.getNumberValue("page_size", 10)).toBe(50);
    expect(await flags.getNumberValue("ratio", 1)).toBe(0.25);
    expect(await flags.getObjectValue("theme", {})).toEqual({ color: "blue", round: true });
    expect(await flags.getObjectValue("regions", [])).toEqual(["eu", "us"]);
  });

  test("says why, with the reason and the revision of our own beside", async () => {
    const { flags } = await flagsOf(await serveFlags(await open()));
    expect(
      await flags.getBooleanDetails("new_dashboard", false, { targetingKey: "CY@acme.example" }),
    ).toEqual({
      flagKey: "new_dashboard",
      value: true,
      reason: "TARGETING_MATCH",
      flagMetadata: { reason: "rule", decided_by: "catalog/flag/new_dashboard#rules/1", revision: 1 },
    });
    expect(await flags.getStringDetails("checkout", "none")).toMatchObject({
      variant: "old",
      reason: "STATIC",
      flagMetadata: { reason: "default" },
    });
    expect(await flags.getBooleanDetails("beta", false, { targetingKey: "ana@acme.example" })).toMatchObject({
      flagMetadata: { revision: 1 },
    });
  });

  test("asks with what the context says: member, place and attributes of the request", async () => {
    const { flags } = await flagsOf(await serveFlags(await open(), { acme: "flags: { page_size: 20 }\n" }));
    expect(await flags.getBooleanValue("new_dashboard", false, { targetingKey: "user_7" })).toBe(true);
    expect(await flags.getBooleanValue("new_dashboard", false, { ip_country: "DE" })).toBe(true);
    expect(await flags.getStringValue("checkout", "none", { environment: "web/dev" })).toBe("v2");
    expect(await flags.getStringValue("checkout", "none", { workspace: "web" })).toBe("v1");
    expect(await flags.getNumberValue("page_size", 1)).toBe(20);
    expect(await flags.getNumberValue("page_size", 1, { org: "globex" })).toBe(50);
    expect(await flags.getStringDetails("checkout", "none", { workspace: "none" })).toMatchObject({
      value: "v1",
      reason: "UNKNOWN",
      flagMetadata: { reason: "unknown-workspace" },
    });
  });

  test("takes a time as the text that it is in JSON", async () => {
    const served = await serveFlags(await open());
    await served.apply({
      "catalog.yaml": `apiVersion: tenantry/v1
catalog: test-cloud
attributes: { request: { since: date } }
permissions: { org: [read] }
roles: { owner: { grants: ["*:*"], at_least: 1 } }
flags: { late: { default: false, rules: [{ if: { request.since: { after: 2026-01-01 } }, serve: true }] } }
`,
      "orgs/acme.yaml": acme().replace(", attributes: { department: design }", ""),
    });
    await served.estate.refresh();
    const { flags } = await flagsOf(served);
    expect(await flags.getBooleanValue("late", false, { since: new Date("2026-02-01") })).toBe(true);
    expect(await flags.getBooleanValue("late", false, { since: new Date("2025-02-01") })).toBe(false);
    expect(await flags.getBooleanValue("late", false, { since: new Date(Number.NaN) })).toBe(false);
  });

  test("asks about the client's own org where nobody says another", async () => {
    const { flags } = await flagsOf(
      await serveFlags(await open(), { acme: "flags: { page_size: 20 }\n" }),
      null,
    );
    expect(await flags.getNumberValue("page_size", 1)).toBe(20);
    expect(await flags.getNumberValue("page_size", 1, { org: "globex" })).toBe(50);
  });

  test("has the code's fallback, with an error code, for what cannot be answered", async () => {
    const database = await open();
    const served = await serveFlags(database);
    await database.pool.query(`update tenantry.flag set "default" = '"gone"' where name = 'checkout'`);
    await served.estate.refresh("everything");
    const { flags } = await flagsOf(served);
    for (const key of ["none", "a/b", "constructor", "__proto__"]) {
      expect(await flags.getStringDetails(key, "mine")).toMatchObject({
        value: "mine",
        reason: "ERROR",
        errorCode: "FLAG_NOT_FOUND",
      });
    }
    const codeOf = async (details: Promise<{ value: unknown; errorCode?: string }>) => {
      const { value, errorCode } = await details;
      return [value, errorCode];
    };
    expect(await codeOf(flags.getStringDetails("page_size", "7"))).toEqual(["7", "TYPE_MISMATCH"]);
    expect(await codeOf(flags.getNumberDetails("theme", 7))).toEqual([7, "TYPE_MISMATCH"]);
    expect(await codeOf(flags.getObjectDetails("ratio", {}))).toEqual([{}, "TYPE_MISMATCH"]);
    expect(await codeOf(flags.getBooleanDetails("beta", true))).toEqual([true, "TARGETING_KEY_MISSING"]);
    expect(await codeOf(flags.getBooleanDetails("beta", true, { targetingKey: "" }))).toEqual([
      true,
      "TARGETING_KEY_MISSING",
    ]);
    expect(await codeOf(flags.getStringDetails("checkout", "mine"))).toEqual(["mine", "GENERAL"]);
    expect(await codeOf(flags.getNumberDetails("ratio", 1, { org: "initech" }))).toEqual([
      1,
      "INVALID_CONTEXT",
    ]);
    for (const name of ["org", "workspace", "environment"]) {
      for (const value of [7, "", ["acme"]]) {
        const details = flags.getNumberDetails("ratio", 1, { [name]: value });
        expect(await codeOf(details)).toEqual([1, "INVALID_CONTEXT"]);
      }
    }
    // A member that the org does not have is said, and has the default.
    expect(await flags.getBooleanDetails("beta", true, { targetingKey: "nobody" })).toMatchObject({
      value: false,
      reason: "UNKNOWN",
      flagMetadata: { reason: "undetermined" },
    });
  });

  test("gives values that may be written to", async () => {
    const { flags } = await flagsOf(await serveFlags(await open()));
    const theme = await flags.getObjectValue<{ color: string; round: boolean }>("theme", {
      color: "",
      round: false,
    });
    theme.color = "red";
    expect(await flags.getObjectValue("theme", {})).toEqual({ color: "blue", round: true });
  });

  test("tells of changes of the org, and of no other's", async () => {
    const served = await serveFlags(await open());
    const { flags } = await flagsOf(served);
    const changes: unknown[] = [];
    flags.addHandler(ProviderEvents.ConfigurationChanged, (details) => changes.push(details?.metadata));
    await served.apply({ "orgs/globex.yaml": globex("flags: { page_size: 30 }\n") });
    await served.estate.refresh();
    expect(changes).toEqual([]);
    await served.apply({ "orgs/acme.yaml": acme("flags: { page_size: 30 }\n") });
    await served.estate.refresh();
    expect(changes).toEqual([{ org: "acme" }]);
    expect(await flags.getNumberValue("page_size", 1, { org: "globex" })).toBe(30);
    await served.apply({ "orgs/globex.yaml": globex("flags: { page_size: 31 }\n") });
    await served.estate.refresh();
    expect(changes).toEqual([{ org: "acme" }, { org: "globex" }]);
    await OpenFeature.clearProviders();
    await served.apply({ "orgs/acme.yaml": acme("flags: { page_size: 31 }\n") });
    await served.estate.refresh();
    expect(changes).toHaveLength(2);
  });

  test("is stale while cut off, and ready when back", async () => {
    const served = await serveFlags(await open());
    const { flags, provider, trouble } = await flagsOf(served);
    trouble.cutOff();
    await heard(flags, ProviderEvents.Stale);
    expect(await flags.getNumberDetails("ratio", 1)).toMatchObject({
      value: 0.25,
      reason: "STALE",
      flagMetadata: { reason: "default" },
    });
    trouble.isTooOld = true;
    expect(await flags.getNumberDetails("ratio", 1)).toMatchObject({
      value: 1,
      errorCode: "GENERAL",
      flagMetadata: { reason: "unavailable" },
    });
    trouble.isTooOld = false;
    trouble.back();
    await heard(flags, ProviderEvents.Ready);
    expect(await flags.getNumberDetails("ratio", 1)).toMatchObject({ value: 0.25, reason: "STATIC" });
    await OpenFeature.clearProviders();
    trouble.cutOff();
    await OpenFeature.setProviderAndWait(provider);
    await heard(flags, ProviderEvents.Stale);
  });

  test("listens for the orgs that were asked about last, and for none once it is closed", async () => {
    const served = await serveFlags(await open());
    const { client } = clientOverEstate(served.estate, () => served.clock.now, "acme");
    const listening = new Map<string, number>();
    const counted = (slug: string) => {
      const org = client.org(slug);
      const count = (by: number) => listening.set(slug, (listening.get(slug) ?? 0) + by);
      const onChange: typeof org.onChange = (listener) => {
        count(1);
        const end = org.onChange(listener);
        return () => {
          count(-1);
          end();
        };
      };
      return { ...org, onChange };
    };
    const heardNow = () => [...listening].filter(([, count]) => count !== 0);
    const provider = new TenantryProvider({ ...client, org: counted }, { org: "acme" });
    await OpenFeature.setProviderAndWait(provider);
    const flags = OpenFeature.getClient();
    for (let org = 0; org < 1_100; org++) await flags.getNumberValue("ratio", 1, { org: `org-${org}` });
    await flags.getNumberValue("ratio", 1, { org: "org-1099" });
    expect(heardNow()).toHaveLength(1_000);
    expect(listening.get("org-1099")).toBe(1);
    await OpenFeature.clearProviders();
    expect(heardNow()).toEqual([]);
  });
});

function heard(flags: Client, event: ProviderEvents): Promise<void> {
  return new Promise((resolve) => flags.addHandler(event, () => resolve()));
}
