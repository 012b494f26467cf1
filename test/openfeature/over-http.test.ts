import { type Client, OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { afterEach, expect, test } from "vitest";
import { TenantryProvider } from "../../src/openfeature/provider.ts";
import { clientOf, lineTo, listeningServer, until } from "../client/listening-server.ts";
import { eachEngine } from "../engines.ts";
import { acme, catalog, globex } from "../server/ofrep/flag-estate.ts";

afterEach(() => OpenFeature.clearProviders());

eachEngine("OpenFeature's provider over HTTP", (open) => {
  test("answers as in process, tells of changes, and is stale while the server cannot be reached", async () => {
    const served = await listeningServer(await open(), {
      "catalog.yaml": catalog,
      "orgs/acme.yaml": acme(),
      "orgs/globex.yaml": globex(),
    });
    const line = await lineTo(served.url);
    const client = clientOf({ url: line.url, org: "acme", cacheFor: 0, cacheWhileHeard: 0, timeout: 500 });
    await OpenFeature.setProviderAndWait(new TenantryProvider(client, { org: "acme" }));
    const flags = OpenFeature.getClient();
    expect(await flags.getBooleanDetails("new_dashboard", false, { targetingKey: "user_7" })).toMatchObject({
      value: true,
      reason: "TARGETING_MATCH",
      flagMetadata: { reason: "rule", decided_by: "catalog/flag/new_dashboard#rules/1", revision: 1 },
    });
    expect(await flags.getNumberValue("page_size", 1, { org: "globex" })).toBe(50);
    expect(await flags.getObjectValue("regions", [])).toEqual(["eu", "us"]);
    expect(await flags.getNumberDetails("none", 1)).toMatchObject({ errorCode: "FLAG_NOT_FOUND" });
    expect(await flags.getNumberDetails("ratio", 1, { org: "initech" })).toMatchObject({
      errorCode: "INVALID_CONTEXT",
    });

    let isChanged = false;
    flags.addHandler(ProviderEvents.ConfigurationChanged, async () => {
      const { value, flagMetadata } = await flags.getNumberDetails("page_size", 1);
      isChanged ||= value === 30 && flagMetadata.revision === 2;
    });
    await served.apply({ "orgs/acme.yaml": acme("flags: { page_size: 30 }\n") });
    await until(() => isChanged);

    const stale = heard(flags, ProviderEvents.Stale);
    // What was got before another change is told of is not known any more: then it is asked for anew.
    await until(async () => {
      line.swallow = "nobody's";
      if ((await flags.getNumberValue("page_size", 1)) !== 30) return false;
      line.swallow = "everybody's";
      const { value, reason } = await flags.getNumberDetails("page_size", 1);
      return value === 30 && reason === "STALE";
    });
    await stale;
    expect(await flags.getStringDetails("checkout", "mine")).toMatchObject({
      value: "mine",
      errorCode: "GENERAL",
      flagMetadata: { reason: "unavailable" },
    });
    const ready = heard(flags, ProviderEvents.Ready);
    line.swallow = "nobody's";
    await ready;
    expect(await flags.getStringDetails("checkout", "mine")).toMatchObject({ value: "v1", reason: "STATIC" });
  });

  test("is not ready while nothing was ever known", async () => {
    const served = await listeningServer(await open());
    const line = await lineTo(served.url);
    await line.close();
    const client = clientOf({ url: line.url, org: "acme", timeout: 500 });
    const setting = OpenFeature.setProviderAndWait(new TenantryProvider(client));
    await expect(setting).rejects.toThrow("Nobody that knows can be reached.");
    const flags = OpenFeature.getClient();
    expect(flags.providerStatus).toBe("ERROR");
    expect(await flags.getBooleanDetails("new_dashboard", true)).toMatchObject({
      value: true,
      errorCode: "PROVIDER_NOT_READY",
    });
    const ready = heard(flags, ProviderEvents.Ready);
    await lineTo(served.url, Number(new URL(line.url).port));
    await ready;
    expect(flags.providerStatus).toBe("READY");
  });

  test("is in error once what was known is too old, and ready when the server is back", async () => {
    const served = await listeningServer(await open());
    const line = await lineTo(served.url);
    const client = clientOf({ url: line.url, org: "acme", cacheFor: 0, timeout: 500, staleFor: 2_000 });
    await OpenFeature.setProviderAndWait(new TenantryProvider(client));
    const flags = OpenFeature.getClient();
    const told: string[] = [];
    for (const event of [ProviderEvents.Stale, ProviderEvents.Error])
      flags.addHandler(event, () => told.push(`${event}, ${flags.providerStatus}`));
    await flags.getBooleanValue("new_dashboard", true);
    line.swallow = "everybody's";
    await flags.getBooleanValue("new_dashboard", true);
    await until(() => told.length === 2);
    expect(told).toEqual(["PROVIDER_STALE, STALE", "PROVIDER_ERROR, ERROR"]);
    expect(await flags.getBooleanDetails("new_dashboard", true)).toMatchObject({ errorCode: "GENERAL" });
    const ready = new Promise<void>((resolve) => {
      client.onTrouble(({ kind }) => kind === "back" && resolve());
    });
    line.swallow = "nobody's";
    await ready;
    await until(() => flags.providerStatus === "READY");
  });
});

function heard(flags: Client, event: ProviderEvents): Promise<void> {
  return new Promise((resolve) => flags.addHandler(event, () => resolve()));
}
