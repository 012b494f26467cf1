import { readFileSync } from "node:fs";
import { connect } from "node:net";
import type { LoadFigures, LoadOrder } from "./load.ts";

// The load where `wrk` is not installed: raw sockets that stay open, each with one request under way at a time.
const [order] = process.argv.slice(2) as [string];
const { origin, requestsFile, connections, seconds } = JSON.parse(order) as LoadOrder;
const { hostname, port } = new URL(origin);
const requests = (JSON.parse(readFileSync(requestsFile, "utf8")) as readonly string[]).map((text) =>
  Buffer.from(text),
);
const latencies: number[] = [];
let errors = 0;
let next = 0;
const begun = performance.now();
const end = begun + seconds * 1_000;
await Promise.all(Array.from({ length: connections }, one));
latencies.sort((a, b) => a - b);
const at = (share: number) =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
const figures: LoadFigures = {
  perSecond: (latencies.length * 1_000) / (performance.now() - begun),
  p50: at(0.5),
  p99: at(0.99),
  errors,
};
process.stdout.write(JSON.stringify(figures));

function one(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let sent = 0;
    let received = "";
    const ask = () => {
      if (performance.now() >= end) return socket.end();
      sent = performance.now();
      received = "";
      socket.write(requests[next] as Buffer);
      next = next + 1 === requests.length ? 0 : next + 1;
      return socket;
    };
    socket.setEncoding("latin1");
    socket.once("connect", ask);
    socket.on("data", (part: string) => {
      received += part;
      if (!isWhole(received)) return;
      latencies.push(performance.now() - sent);
      if (!received.startsWith("HTTP/1.1 200")) errors += 1;
      ask();
    });
    socket.once("error", () => {
      errors += 1;
    });
    socket.once("close", () => resolve());
  });
}

function isWhole(received: string): boolean {
  const head = received.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, head));
  return length ? received.length >= head + 4 + Number(length[1]) : received.endsWith("0\r\n\r\n");
}
