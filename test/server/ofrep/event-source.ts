import { get, type IncomingMessage } from "node:http";

/** What a stream says: the fields of one event, or a comment alone. */
export interface Said {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
}

/**
 * Opens a stream on a connection of its own. `fetch` would open a spare one when that is given up, which holds up a
 * server that closes for as long as nothing is asked on it.
 */
export function openStream(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers }, resolve).once("error", reject);
  });
}

/** Reads a stream of events: whole blocks, as they come. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<Said> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() as string;
    for (const block of blocks) {
      yield Object.fromEntries(
        block.split("\n").flatMap((line) => {
          const [, field, value] = /^(\w+): (.*)$/.exec(line) ?? [];
          return field ? [[field, value]] : [];
        }),
      );
    }
  }
}

/**
 * As much of a browser's EventSource as the web provider uses, which Node 20 has only behind a flag: it opens, hands on
 * events, comes back with `Last-Event-ID` when a stream ends, and is closed for good by an answer that is no stream.
 */
export class FetchedEventSource extends EventTarget {
  static readonly open = new Set<FetchedEventSource>();
  readonly url: string;
  readyState = 0;
  readonly #ended = new AbortController();
  #lastId = "";

  constructor(url: string) {
    super();
    this.url = url;
    FetchedEventSource.open.add(this);
    void this.#connect();
  }

  close(): void {
    this.readyState = 2;
    this.#ended.abort();
    FetchedEventSource.open.delete(this);
  }

  async #connect(): Promise<void> {
    try {
      const headers = { accept: "text/event-stream", ...(this.#lastId && { "last-event-id": this.#lastId }) };
      const { status, body } = await fetch(this.url, { headers, signal: this.#ended.signal });
      if (status !== 200 || !body) return this.#fail(2);
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
      for await (const { id, data } of readEvents(body as unknown as AsyncIterable<Uint8Array>)) {
        if (id !== undefined) this.#lastId = id;
        if (data !== undefined) this.dispatchEvent(new MessageEvent("message", { data }));
      }
    } catch {
      // as when the stream ends
    }
    if (this.readyState === 2) return;
    this.#fail(0);
    setTimeout(() => this.readyState !== 2 && void this.#connect(), 10);
  }

  #fail(readyState: number): void {
    this.readyState = readyState;
    if (readyState === 2) FetchedEventSource.open.delete(this);
    this.dispatchEvent(new Event("error"));
  }
}
