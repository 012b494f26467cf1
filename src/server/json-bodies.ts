import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";

/** How deep arrays and objects of a body may nest. No question needs ten; what walks them calls itself at each level. */
export const deepest = 64;

/**
 * Takes JSON bodies, and no others: a page of another site can send `text/plain` without asking, but not this.
 * Names that objects inherit are no names of ours: what bears one is left out.
 */
export function jsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("remove", "ignore");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    if (isEncoded(request.headers)) done(new OtherEncoding("The body has to be plain UTF-8."));
    else if (isTooDeep(body)) done(new TooDeep("The body nests too deeply."));
    else parse(request, body, done);
  });
}

/** A body that says it is compressed, or of other characters, would be read as what it is not. */
function isEncoded({
  "content-encoding": encoding = "identity",
  "content-type": type = "",
}: IncomingHttpHeaders): boolean {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? "utf-8";
  return encoding.toLowerCase() !== "identity" || !/^utf-?8$/i.test(charset);
}

export class OtherEncoding extends Error {
  readonly code = "other-encoding";
}

export class TooDeep extends Error {
  readonly code = "too-deep";
}

const quote = 0x22;
const backslash = 0x5c;

/** Whether brackets nest too deeply. Looks at every character but those of strings; a short body cannot, and costs nothing. */
function isTooDeep(json: string): boolean {
  if (json.length <= deepest) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === quote) {
      at = endOfString(json, at);
      if (at === -1) return false;
    } else if (isOpening(character)) {
      if (++depth > deepest) return true;
    } else if (isClosing(character)) depth--;
  }
  return false;
}

/** Where the string that begins there ends; -1 where it does not, and the body is no JSON. */
function endOfString(json: string, begin: number): number {
  let end = json.indexOf('"', begin + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(at - 1 - backslashes) === backslash) backslashes++;
  return backslashes % 2 === 1;
}

/** `[` and `{`, which differ in one bit. */
const isOpening = (character: number) => (character | 0x20) === 0x7b;
const isClosing = (character: number) => (character | 0x20) === 0x7d;
