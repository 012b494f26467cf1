import { onTestFinished } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { type ClientOptions, createClient } from "../../src/client/create-client.ts";
import type { Database } from "../../src/database/connect.ts";
import { keepFresh } from "../../src/runtime/keep-fresh.ts";
import { type SwallowingProxy, startSwallowingProxy } from "../runtime/swallowing-proxy.ts";
import { type KeyedEstate, keyedEstate } from "../server/identity/keyed-estate.ts";
import { type ServedEstate, serveEstate } from "../server/serve-estate.ts";

export interface Listening extends ServedEstate {
  readonly url: string;
  /** What the server was asked, `POST /v1/orgs/acme/check`, in order. */
  readonly asked: string[];
  /** What the next requests are answered instead, as a balancer before the server would. */
  readonly instead: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[];
}

/** The sample estate, or files, served on a port of its own, and kept fresh. */
export async function listeningServer(
  database: Database,
  files?: Readonly<Record<string, string>>,
): Promise<Listening> {
  return listening(database, await serveEstate(database, { ...closing, ...(files ? { files } : {}) }));
}

/** The same where everybody needs a key. */
export async function keyedServer(database: Database): Promise<Listening & Pick<KeyedEstate, "keys">> {
  const served = await keyedEstate(database, closing);
  return { ...(await listening(database, served)), keys: served.keys };
}

const closing = { forceCloseConnections: true };

async function listening(database: Database, served: ServedEstate): Promise<Listening> {
  const asked: string[] = [];
  const instead: Listening["instead"] = [];
  served.app.addHook("onRequest", async ({ method, url }, reply) => {
    asked.push(`${method} ${url}`);
    const answer = instead.shift();
    if (answer)
      return reply
        .code(answer.status)
        .headers({ ...answer.headers })
        .send({});
  });
  const keeping = keepFresh(database, served.estate, { every: 50 });
  onTestFinished(() => keeping.end());
  return { ...served, url: await served.app.listen({ host: "127.0.0.1", port: 0 }), asked, instead };
}

/** A client that is closed after the test. */
export function clientOf(options: ClientOptions): Client {
  const client = createClient(options);
  onTestFinished(() => client.close());
  return client;
}

/** A line to a server on which packets can get lost, or which breaks; on a port where one was before. */
export async function lineTo(url: string, port?: number): Promise<SwallowingProxy> {
  const proxy = await startSwallowingProxy(url, port);
  const { close } = proxy;
  let isClosed = false;
  proxy.close = async () => {
    if (!isClosed) await close();
    isClosed = true;
  };
  onTestFinished(() => proxy.close());
  return proxy;
}

/** Waits until something is so, ten seconds at most. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const begun = Date.now(); !(await isSo()); ) {
    if (Date.now() - begun > 10_000) throw new Error(`It never became so: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
