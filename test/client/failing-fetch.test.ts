import { inspect } from "node:util";
import { OpenFeature } from "@openfeature/server-sdk";
import { expect, onTestFinished, test } from "vitest";
import type { Trouble } from "../../src/client/client.ts";
import { type ClientOptions, createClient } from "../../src/client/create-client.ts";
import { TenantryProvider } from "../../src/openfeature/provider.ts";

const url = "http://127.0.0.1:9";

function asking(options: Partial<ClientOptions>) {
  const told: Trouble[] = [];
  const client = createClient({
    url,
    org: "acme",
    retries: 0,
    onTrouble: (trouble) => told.push(trouble),
    ...options,
  });
  onTestFinished(() => client.close());
  return { client, told };
}

test.each([
  ["an error of its own", new Error("a proxy failed")],
  ["what its own patience ends with", new DOMException("The operation timed out.", "TimeoutError")],
  ["what an abort ends with", new DOMException("This operation was aborted", "AbortError")],
  ["an error about numbers", new RangeError("too many")],
  ["a text", "out of order"],
  ["nothing", undefined],
])("a fetch that throws %s is a server that cannot be reached", async (_, thrown) => {
  const { client, told } = asking({
    fetch: async () => {
      throw thrown;
    },
  });
  expect(await client.can("ana@acme.example", "members:invite")).toBe(false);
  expect(await client.flag("new_dashboard", {}, "mine")).toBe("mine");
  expect(await client.entitled("sso")).toBe(false);
  expect(client.standing().isCutOff).toBe(true);
  expect(told).toMatchObject([{ kind: "cut-off", error: { code: "unreachable" } }]);
  await OpenFeature.setProviderAndWait("failing-fetch", new TenantryProvider(client)).catch(() => {});
  onTestFinished(() => OpenFeature.clearProviders());
  const details = await OpenFeature.getClient("failing-fetch").getBooleanDetails("new_dashboard", true);
  expect(details.value).toBe(true);
});

test("a key or an address that no request can take is refused at once, and not repeated", () => {
  const secret = "fl_0123456789abcdef";
  for (const key of ["", `${secret}\nfl_other`, `Service key x\n${secret}`, `${secret}\0`, `${secret} ü`]) {
    const made = () => createClient({ url, key });
    expect(made).toThrow(TypeError);
    expect(made).toThrow(/^createClient's `key` is no key/);
  }
  const withPassword = () => createClient({ url: `http://ana:${secret}@tenants.example` });
  expect(withPassword).toThrow(/^createClient's `url` holds a user or a password/);
  // As it is read from a file.
  asking({ key: `${secret}\n` });
});

test("nothing that is told of a failure holds the key, a token or what fetch said of them", async () => {
  const secret = "fl_0123456789abcdef";
  const answers = [
    // A token that no header can hold has fetch repeat it.
    () => Response.json({ access_token: `eyJ${secret}\neyJ`, expires_in: 600 }),
    () => {
      throw new TypeError(`Headers.append: "Bearer ${secret}" is an invalid header value.`);
    },
    () => {
      throw new Error(`${secret} was not taken`);
    },
  ];
  for (const answer of answers) {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      new Request(input, init);
      return answer();
    };
    const { client, told } = asking({ key: secret, fetch });
    expect(await client.can("ana@acme.example", "members:invite")).toBe(false);
    expect(told).toHaveLength(1);
    expect(inspect(told, { depth: 10 })).not.toContain(secret);
  }
});
