import { OFREPProvider } from "@openfeature/ofrep-provider";
import { type Client, OpenFeature } from "@openfeature/server-sdk";
import { afterEach, expect, test } from "vitest";
import { eachEngine } from "../../engines.ts";
import { listen, serveFlags } from "./flag-estate.ts";
import { checkedFetch } from "./protocol.ts";

afterEach(() => OpenFeature.clearProviders());

async function clientOf(baseUrl: string): Promise<Client> {
  await OpenFeature.setProviderAndWait(
    new OFREPProvider({ baseUrl, fetchImplementation: checkedFetch() as typeof fetch }),
  );
  return OpenFeature.getClient();
}

eachEngine("OpenFeature's provider for servers", (open) => {
  test("has values of every type", async () => {
    const client = await clientOf(await listen(await serveFlags(await open())));
    expect(await client.getBooleanValue("new_dashboard", true)).toBe(false);
    expect(await client.getStringValue("checkout", "none")).toBe("v1");
    expect(await client.getNumberValue("page_size", 10)).toBe(50);
    expect(await client.getNumberValue("ratio", 1)).toBe(0.25);
    expect(await client.getObjectValue("theme", {})).toEqual({ color: "blue", round: true });
    expect(await client.getObjectValue("regions", [])).toEqual(["eu", "us"]);
  });

  test("says why, and hands our own reason on", async () => {
    const client = await clientOf(await listen(await serveFlags(await open())));
    const details = await client.getBooleanDetails("new_dashboard", false, {
      targetingKey: "cy@acme.example",
    });
    expect(details).toMatchObject({
      value: true,
      reason: "TARGETING_MATCH",
      flagMetadata: { reason: "rule", decided_by: "catalog/flag/new_dashboard#rules/1", revision: 1 },
    });
    expect(await client.getBooleanValue("new_dashboard", false, { ip_country: "DE" })).toBe(true);
    expect(await client.getStringDetails("checkout", "none")).toMatchObject({ variant: "old" });
  });

  test("has the code's default for what is no flag, or no flag of that type", async () => {
    const client = await clientOf(await listen(await serveFlags(await open())));
    for (const key of ["none", "a/b", "constructor", "__proto__"]) {
      expect(await client.getStringDetails(key, "mine")).toMatchObject({
        value: "mine",
        errorCode: "FLAG_NOT_FOUND",
      });
    }
    expect(await client.getNumberDetails("checkout", 7)).toMatchObject({
      value: 7,
      errorCode: "TYPE_MISMATCH",
    });
  });

  test("has the code's default for a flag that serves nothing, and a message that says why", async () => {
    const database = await open();
    const served = await serveFlags(database);
    await database.pool.query(`update tenantry.flag set "default" = '"gone"' where name = 'checkout'`);
    await served.estate.refresh("everything");
    const client = await clientOf(await listen(served));
    expect(await client.getStringDetails("checkout", "mine")).toMatchObject({
      value: "mine",
      errorCode: "GENERAL",
      errorMessage: "The flag checkout serves nothing: its default is none of its variants.",
    });
  });

  test("asks in an environment by its base URL", async () => {
    const base = await listen(await serveFlags(await open()));
    const client = await clientOf(`${base}/environments/web/dev`);
    expect(await client.getStringValue("checkout", "none")).toBe("v2");
  });
});
