import { BlockList, isIP, isIPv6 } from "node:net";
import { UsageError } from "./usage-error.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Where to listen, and whether who asks there needs a key. */
export interface Listening {
  readonly host: string;
  readonly auth: boolean;
}

/**
 * The address to listen on. `localhost` is 127.0.0.1 without asking anybody: what was checked is what is listened on.
 * Throws `UsageError` for names, and, where nobody needs a key, for an address that others can reach.
 */
export function listeningAddress({ host, auth }: Listening): string {
  const address = host === "localhost" ? "127.0.0.1" : host;
  const isAddress = isIP(address) !== 0;
  if (!auth && !(isAddress && loopback.check(address, isIPv6(address) ? "ipv6" : "ipv4"))) {
    throw new UsageError(
      `With --no-auth whoever reaches the server may ask anything: it listens on this machine alone, and not on "${host}". Leave --host out, or say 127.0.0.1 or ::1; or leave --no-auth out, and mint keys with \`tenantry keys create\`.`,
    );
  }
  if (!isAddress) {
    throw new UsageError(`"${host}" is no address to listen on. Say one as 127.0.0.1, or 0.0.0.0 for all.`);
  }
  return address;
}

/** Whether all of this machine's addresses are meant. */
export function isAnyAddress(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** Where clients reach what listens there, as far as can be told. */
export function originOf(address: string, port: number): string {
  return `http://${isAnyAddress(address) ? "localhost" : isIPv6(address) ? `[${address}]` : address}:${port}`;
}
