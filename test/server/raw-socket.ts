import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A connection on which a test writes what no client would. */
export interface RawSocket {
  readonly write: (text: string) => void;
  /** Waits until what was heard contains something; gives all that was heard. Throws where the connection ends before. */
  readonly hears: (words: string | RegExp) => Promise<string>;
  /** Waits for the other side to end the connection; gives all that was heard. */
  readonly ended: () => Promise<string>;
  readonly socket: Socket;
}

export async function rawSocket(port: number, host = "127.0.0.1"): Promise<RawSocket> {
  const socket = connect(port, host);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  let heard = "";
  let isClosed = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  socket.on("data", (bytes) => {
    heard += bytes;
    wake();
  });
  // A server that has said all that it will may end the connection while it is still being written to.
  socket.on("error", () => {});
  socket.on("close", () => {
    isClosed = true;
    wake();
  });
  const until = (holds: () => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (!holds() && !isClosed) return;
        waiting.delete(look);
        if (holds()) resolve(heard);
        else reject(new Error(`The connection ended; heard:\n${heard}`));
      };
      waiting.add(look);
      look();
    });
  return {
    socket,
    write: (text) => void socket.write(text),
    hears: (words) => until(() => (typeof words === "string" ? heard.includes(words) : words.test(heard))),
    ended: () => until(() => isClosed),
  };
}
