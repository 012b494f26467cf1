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
  readonly key: LiveKey;
  readonly streams: Set<ServerResponse>;
}

/** How often it is looked which keys ended by time, in milliseconds. */
const every = 500;

/** Ends streams whose key works no more: what is asked once and answered for ever would outlive it. */
export function endStreamsOfKeys({
  authenticator,
  clock,
}: Pick<Serving, "authenticator" | "clock">): StreamsOfKeys {
  if (!authenticator) return { ofOrg: () => 0, add: () => {}, close: () => {} };
  const byKey = new Map<string, KeyStreams>();
  const unlisten = authenticator.onChange((slugs) => {
    for (const { key, streams } of byKey.values()) {
      if (slugs !== null && (key.org === null || !slugs.has(key.org))) continue;
      // Where the database does not answer, nothing is known against it.
      authenticator.works(key.id).then(
        (works) => works || endAll(streams),
        () => {},
      );
    }
  });
  const looking = setInterval(() => {
    for (const { key, streams } of byKey.values()) if ((key.expires ?? clock()) < clock()) endAll(streams);
  }, every).unref();
  return {
    ofOrg(id) {
      let count = 0;
      for (const { key, streams } of byKey.values()) if (key.orgId === id) count += streams.size;
      return count;
    },
    add(stream, key) {
      if (!key) return;
      const known = byKey.get(key.id) ?? { key, streams: new Set() };
      byKey.set(key.id, known);
      known.streams.add(stream);
      stream.once("close", () => {
        known.streams.delete(stream);
        if (known.streams.size === 0 && byKey.get(key.id) === known) byKey.delete(key.id);
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
