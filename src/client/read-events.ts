/** An event of a stream; ids and `retry` are told by themselves. */
export type StreamEvent =
  | { readonly kind: "event"; readonly type: string; readonly data: string }
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "retry"; readonly milliseconds: number };

/**
 * Reads server-sent events (HTML Standard §9.2.6) as they arrive. An id counts once its block has come whole, with an event
 * or without: by it this product's server says how far a client has been told. Told before its event.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  let type = "";
  let data: string[] = [];
  let id: string | null = null;
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (id !== null) yield { kind: "id", id };
      if (data.length > 0) yield { kind: "event", type: type || "message", data: data.join("\n") };
      type = "";
      data = [];
      id = null;
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") type = value;
    else if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d{1,9}$/.test(value))
      yield { kind: "retry", milliseconds: Number(value) };
  }
}

/** No line of ours is longer; one without an end must not fill the memory. */
const longestLine = 65_536;

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  // Takes away a byte order mark, and what is half a character waits for its other half.
  for await (const text of body.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
    rest += text;
    // A carriage return at the end may be half an end of line.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    if (rest.length > longestLine) throw new TypeError("An event of the stream has no end.");
    yield* lines;
  }
}
