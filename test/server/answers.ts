import type { FastifyInstance } from "fastify";
import type { ServedEstate } from "./serve-estate.ts";

/** A JSON answer, with what it was sent with. */
export interface Answered {
  readonly status: number;
  readonly headers: { readonly [name: string]: unknown };
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, each test says.
  readonly body: any;
}

export async function get(
  { app }: Pick<ServedEstate, "app">,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  return answered(await app.inject({ method: "GET", url, headers }));
}

export async function post(
  { app }: Pick<ServedEstate, "app">,
  url: string,
  payload: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  return answered(await app.inject({ method: "POST", url, payload, headers }));
}

function answered({
  statusCode,
  headers,
  payload,
}: Awaited<ReturnType<FastifyInstance["inject"]>>): Answered {
  return {
    status: statusCode,
    headers,
    text: payload,
    body: payload === "" ? undefined : JSON.parse(payload),
  };
}
