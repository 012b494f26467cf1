import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * Where a connection is cut: before COMMIT reaches the server, or before its answer reaches the client. `late`: at once, and
 * COMMIT reaches the server half a second later.
 */
export type Cut = "before" | "after" | "late" | "never";

export interface CuttingProxy {
  readonly url: string;
  /** What to do with the next COMMIT of a transaction that wrote; once cut, the proxy lets everything through again. */
  cutNext(cut: Cut): void;
  /** Whether it takes new connections. */
  reachable: boolean;
  close(): Promise<void>;
}

/** A line between client and server that breaks at the worst moment. */
export async function startCuttingProxy(server: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  let next: Cut = "never";
  const listener = createServer((client) => {
    if (!proxy.reachable) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(port || 5432), hostname);
    let isAnswerLost = false;
    let isLate = false;
    const cutOff = () => {
      if (isLate) return;
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", cutOff).on("close", () => {
        open.delete(socket);
        cutOff();
      });
    }
    client.on("data", (data) => {
      const cut = data.includes("commit\0") ? next : "never";
      if (cut !== "never") next = "never";
      if (cut === "before") return cutOff();
      if (cut === "late") {
        setTimeout(() => upstream.write(data), 500);
        isLate = true;
        client.destroy();
        return;
      }
      isAnswerLost ||= cut === "after";
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (isLate) upstream.end();
      else if (isAnswerLost) cutOff();
      else client.write(data);
    });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const url = new URL(server);
  url.hostname = "127.0.0.1";
  url.port = String((listener.address() as AddressInfo).port);
  const proxy: CuttingProxy = {
    url: url.href,
    reachable: true,
    cutNext(cut) {
      next = cut;
    },
    async close() {
      for (const socket of open) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
  return proxy;
}
