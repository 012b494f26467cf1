import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Whose packets disappear, in both directions and without a word. */
export type Swallowed = "nobody's" | "the listener's" | "everybody's";

export interface SwallowingProxy {
  readonly url: string;
  /** What a connection has lost it does not get back. */
  swallow: Swallowed;
  /** What becomes of each packet to the server. */
  rewrite: (packet: Buffer) => Buffer;
  /** Breaks the connection that listens. */
  cutListener(): void;
  close(): Promise<void>;
}

/** A line between client and server on which packets can get lost, as by a firewall that has forgotten its connections. */
export async function startSwallowingProxy(server: string, port = 0): Promise<SwallowingProxy> {
  const { hostname, port: upstreamPort } = new URL(server);
  const sockets = new Set<Socket>();
  const listeners = new Set<Socket>();
  const listener = createServer((client) => {
    const upstream = connect(Number(upstreamPort || 5432), hostname);
    let isDead = false;
    const passes = () => {
      const { swallow } = proxy;
      isDead ||= swallow === "everybody's" || (swallow === "the listener's" && listeners.has(client));
      return !isDead;
    };
    const pairs = [
      [client, upstream],
      [upstream, client],
    ] as const;
    for (const [from, to] of pairs) {
      sockets.add(from);
      from.on("error", () => from.destroy());
      from.on("data", (data) => {
        // The first packet says how the connection calls itself.
        if (from === client && data.includes("(listening)")) listeners.add(client);
        if (passes()) to.write(from === client ? proxy.rewrite(data) : data);
      });
      from.on("close", () => {
        sockets.delete(from);
        listeners.delete(from);
        if (passes()) to.destroy();
      });
    }
  });
  listener.listen(port, "127.0.0.1");
  await once(listener, "listening");
  const url = new URL(server);
  url.hostname = "127.0.0.1";
  url.port = String((listener.address() as AddressInfo).port);
  const proxy: SwallowingProxy = {
    url: url.href,
    swallow: "nobody's",
    rewrite: (packet) => packet,
    cutListener() {
      for (const socket of listeners) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
  return proxy;
}
