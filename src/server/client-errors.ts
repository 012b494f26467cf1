import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type ProblemName, problemOf, problems } from "./problem.ts";

/**
 * Answers what could not be read as a request, and ends its connection: nobody knows where the next one would begin.
 * The answer says nothing of what was sent.
 */
export function answerClientError({ code }: { readonly code?: string }, socket: Socket): void {
  // Where an earlier request's answer is under way, this one would be taken for it, or stand in its middle.
  const { _httpMessage: underWay } = socket as Socket & { readonly _httpMessage?: object | null };
  if (code === "ECONNRESET" || !socket.writable || underWay) {
    socket.destroy();
    return;
  }
  const name = namesOfErrors[code ?? ""] ?? "bad-request";
  const { status, title } = problems[name];
  const body = JSON.stringify(problemOf(name));
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

/** Answers whoever expects of a server what none can promise (RFC 9110 §10.1.1): of all that may be expected only `100-continue` is. */
export function answerExpectation(_: IncomingMessage, response: ServerResponse): void {
  const body = JSON.stringify(problemOf("unmet-expectation"));
  response.writeHead(problems["unmet-expectation"].status, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    // Its body may be under way.
    connection: "close",
  });
  response.end(body);
}

const namesOfErrors: { readonly [code: string]: ProblemName } = {
  ERR_HTTP_REQUEST_TIMEOUT: "request-timeout",
  HPE_HEADER_OVERFLOW: "headers-too-large",
};
