import type { FastifyInstance } from "fastify";
import type { AskedRequest } from "./route-request.ts";

/** All that an answer says. */
export interface Heard {
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Asks the server itself, without a port. Of a stream it hears what is said at once, and hangs up. */
export async function send(app: FastifyInstance, asked: AskedRequest): Promise<Heard> {
  const { method, url, headers, payload } = asked;
  const request = { method: method as "GET", url, headers, ...(payload === null ? null : { payload }) };
  if (!url.includes("/events")) {
    const { statusCode, statusMessage, headers, body } = await app.inject(request);
    return { status: statusCode, message: statusMessage, headers, body };
  }
  const answer = await app.inject({ ...request, payloadAsStream: true });
  const said = answer.stream().read() as Buffer | null;
  answer.raw.res.destroy();
  const { statusCode, statusMessage } = answer;
  return {
    status: statusCode,
    message: statusMessage,
    headers: answer.headers,
    body: said?.toString() ?? "",
  };
}

/** An answer as text, with what it says in another form said plainly, and without what is another each time. */
export function plainly({ status, message, headers, body }: Heard): string {
  const { date: _, "x-request-id": __, ...lasting } = headers;
  const head = Object.entries(lasting).map(([name, value]) => `${name}: ${value}`);
  return decoded(`${status} ${message}\n${head.join("\n")}\n\n${body}`)
    .replace(/^(traceparent: 00-\w+)-\w+/m, "$1")
    .replace(/^retry: \d+$/m, "retry")
    .replace(/"next_token":"([\w-]+)"/, (_, token) => `"next_token":"${tailOf(token)}"`)
    .replace(/"access_token":"([\w-]+)\.([\w-]+)\.[\w-]+"/, (_, __, claims) =>
      Buffer.from(claims, "base64url")
        .toString()
        .replace(/"jti":"[\w-]+"/, ""),
    );
}

/** Behind the digest of a page's token stands the last id of the page. */
function tailOf(token: string): string {
  return Buffer.from(token, "base64url").subarray(12).toString();
}

/** With everything that is percent-encoded as it is meant, however often. */
export function decoded(text: string): string {
  const once = text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll("%", ""), "hex").toString(),
  );
  return once === text ? text : decoded(once);
}
