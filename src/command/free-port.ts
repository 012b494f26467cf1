import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/**
 * The port that is wanted, or for 0 any other, that nobody listens on. Chosen before the server is made, whose documents
 * name it, before there are workers, which share it, and before anything is applied. Rejects where there is none.
 */
export async function freePort(address: string, wanted: number): Promise<number> {
  const server = createServer().listen(wanted, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
