import type { ServerResponse } from "node:http";
import type { LiveKey } from "../../identity/find-key.ts";
import type { Serving } from "../serving.ts";

/** Streams, by the keys that they were asked for with. */
export interface StreamsOfKeys {
  /** How many streams the keys of an org hold, by its id. */
  readonly ofOrg: (id: string) => number;
  /** Takes a stream; without a key nothing ends it. */
  readonly add: (stream: ServerResponse, key: LiveKey | null) => void;
  readonly close: () => void;
}

interface KeyStreams {
  /** As it was last known to be. */
  key: LiveKey;
  /** It may be otherwise by now. */
  isInDoubt: boolean;
  readonly streams: Set<ServerResponse>;
}

/** How often it is looked which keys ended by time, and which are in doubt, in milliseconds. */
const every = 500;

/** Ends streams whose key works no more: what is asked once and answered for ever would outlive it. */
export function endStreamsOfKeys({
  authenticator,
  clock,
}: Pick<Serving, "authenticator" | "clock">): StreamsOfKeys {
  if (!authenticator) return { ofOrg: () => 0, add: () => {}, close: () => {} };
  const byKey = new Map<string, KeyStreams>();
  const look = async (held: KeyStreams) => {
    // What changes while it is looked at is in doubt again.
    held.isInDoubt = false;
    try {
      const key = await authenticator.findKey(held.key.id);
      if (key) held.key = key;
      else endAll(held.streams);
    } catch {
      // Where the database does not answer, nothing is known against it. It is asked again.
      held.isInDoubt = true;
    }
  };
  const unlisten = authenticator.onChange((slugs) => {
    for (const held of byKey.values()) {
      const { org } = held.key;
      if (slugs === null || (org !== null && slugs.has(org))) void look(held);
    }
  });
  const looking = setInterval(() => {
    for (const held of byKey.values()) {
      if ((held.key.expires ?? clock()) < clock()) endAll(held.streams);
      else if (held.isInDoubt) void look(held);
    }
  }, every).unref();
  return {
    ofOrg(id) {
      let count = 0;
      for (const { key, streams } of byKey.values()) if (key.orgId === id) count += streams.size;
      return count;
    },
    add(stream, key) {
      if (!key) return;
      const held = byKey.get(key.id) ?? { key, isInDoubt: false, streams: new Set() };
      byKey.set(key.id, held);
      held.streams.add(stream);
      // It may have changed after it was looked at for this stream, and before it was held here.
      held.isInDoubt = true;
      stream.once("close", () => {
        held.streams.delete(stream);
        if (held.streams.size === 0 && byKey.get(key.id) === held) byKey.delete(key.id);
      });
    },
    close() {
      unlisten();
      clearInterval(looking);
    },
  };
}

/** The client comes back, and is told that it may not. */
function endAll(streams: ReadonlySet<ServerResponse>): void {
  for (const stream of [...streams]) stream.end(() => stream.destroy());
}
