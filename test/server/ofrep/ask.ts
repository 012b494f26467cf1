import type { FastifyInstance } from "fastify";
import { expectProtocol } from "./protocol.ts";

export interface Asked {
  /** After the base path; one flag where nothing else is said. */
  readonly key?: string;
  readonly base?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly payload?: unknown;
}

/** Asks for one flag as a provider does, and holds the answer against the protocol. */
export function askOne(app: FastifyInstance, key: string, asked: Omit<Asked, "key"> = {}) {
  return ask(app, { key, ...asked });
}

/** Asks for all flags. */
export function askAll(app: FastifyInstance, asked: Omit<Asked, "key"> = {}) {
  return ask(app, asked);
}

async function ask(app: FastifyInstance, { key, base = "/v1/orgs/acme", query, headers, payload }: Asked) {
  const response = await app.inject({
    method: "POST",
    url: `${base}/ofrep/v1/evaluate/flags${key === undefined ? "" : `/${key}`}${query ? `?${query}` : ""}`,
    headers: { "content-type": "application/json", ...headers },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload ?? { context: {} }),
  });
  expectProtocol(key === undefined ? "all" : "one", {
    status: response.statusCode,
    contentType: String(response.headers["content-type"]),
    body: response.body,
  });
  return response;
}
