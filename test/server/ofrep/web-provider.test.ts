import { OFREPWebProvider, type OFREPWebProviderOptions } from "@openfeature/ofrep-web-provider";
import { type Client, OpenFeature, type Provider, ProviderEvents } from "@openfeature/web-sdk";
import { afterEach, expect, test, vi } from "vitest";
import { eachEngine } from "../../engines.ts";
import { FetchedEventSource } from "./event-source.ts";
import { acme, listen, serveFlags } from "./flag-estate.ts";
import { type Answered, checkedFetch } from "./protocol.ts";

afterEach(async () => {
  await OpenFeature.clearProviders();
  await OpenFeature.clearContexts();
  for (const source of FetchedEventSource.open) source.close();
  vi.unstubAllGlobals();
});

interface Browser {
  readonly client: Client;
  readonly answers: Answered[];
  /** How often the provider said that flags changed. */
  readonly changes: { count: number };
}

async function browse(baseUrl: string, options: Partial<OFREPWebProviderOptions>): Promise<Browser> {
  const answers: Answered[] = [];
  const changes = { count: 0 };
  const provider = new OFREPWebProvider({
    baseUrl,
    // There is no localStorage here.
    cacheMode: "disabled",
    fetchImplementation: checkedFetch(answers) as typeof fetch,
    ...options,
  });
  // Its own types were not made for `exactOptionalPropertyTypes`.
  await OpenFeature.setProviderAndWait(provider as Provider);
  const client = OpenFeature.getClient();
  client.addHandler(ProviderEvents.ConfigurationChanged, () => {
    changes.count++;
  });
  return { client, answers, changes };
}

const changed = { "orgs/acme.yaml": acme("flags: { new_dashboard: true }\n") };

eachEngine("OpenFeature's provider for browsers", (open) => {
  test("has values of every type, and what time and place decide", async () => {
    const base = await listen(await serveFlags(await open()));
    const { client } = await browse(`${base}/environments/web/dev`, { changeDetection: "none" });
    expect(client.getBooleanValue("new_dashboard", true)).toBe(false);
    expect(client.getStringValue("checkout", "none")).toBe("v2");
    expect(client.getNumberValue("ratio", 1)).toBe(0.25);
    expect(client.getObjectValue("theme", {})).toEqual({ color: "blue", round: true });
    expect(client.getBooleanDetails("none", true)).toMatchObject({
      value: true,
      errorCode: "FLAG_NOT_FOUND",
    });
  });

  test("never shows another context's values, although it sends the old ETag", async () => {
    const base = await listen(await serveFlags(await open()));
    const { client, answers } = await browse(base, { changeDetection: "none" });
    const dashboard = async (context: { ip_country: string }) => {
      await OpenFeature.setContext({ targetingKey: "ana@acme.example", ...context });
      return client.getBooleanValue("new_dashboard", false);
    };
    expect(await dashboard({ ip_country: "FR" })).toBe(false);
    expect(await dashboard({ ip_country: "DE" })).toBe(true);
    expect(await dashboard({ ip_country: "AT" })).toBe(false);
    expect(await dashboard({ ip_country: "CH" })).toBe(false);
    // The last two contexts have the same flags, so that none are sent again.
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 304]);
  });

  test("polls, is told that nothing changed, and then sees what did", async () => {
    const served = await serveFlags(await open());
    const options = { changeDetection: "polling", pollInterval: 20 } as const;
    const { client, answers, changes } = await browse(await listen(served), options);
    await vi.waitFor(() => expect(answers.some(({ status }) => status === 304)).toBe(true));
    expect(changes.count).toBe(0);
    await served.apply(changed);
    await served.estate.refresh();
    await vi.waitFor(() => expect(client.getBooleanValue("new_dashboard", false)).toBe(true));
    expect(changes.count).toBe(1);
  });

  test("hears of a change by an event, and asks for flags that are at least that new", async () => {
    vi.stubGlobal("EventSource", FetchedEventSource);
    const served = await serveFlags(await open());
    const { client, answers, changes } = await browse(await listen(served), { changeDetection: "sse" });
    await vi.waitFor(() =>
      expect([...FetchedEventSource.open].map((source) => source.readyState)).toEqual([1]),
    );
    expect(answers).toHaveLength(1);
    await served.apply(changed);
    await served.estate.refresh();
    await vi.waitFor(() => expect(client.getBooleanValue("new_dashboard", false)).toBe(true), 10_000);
    expect(changes.count).toBe(1);
    expect(answers).toHaveLength(2);
  });
});
