import type { ServerResponse } from "node:http";
import type { OrgSnapshot } from "../../decision/snapshot.ts";
import type { EstateState } from "../../runtime/live-estate.ts";
import type { Serving } from "../serving.ts";
import { nextFlip } from "./next-flip.ts";
import { type Position, positionText } from "./position.ts";

export interface StreamLimits {
  /** How many streams there may be. */
  readonly max: number;
  /** How many of them the keys of one org may hold, so that none takes what all need. */
  readonly maxOfOrg: number;
  /** How often something is said on a stream on which nothing happens, in milliseconds. */
  readonly heartbeat: number;
}

/** Half of the connections that a server takes; and more often than any proxy ends what is idle. */
export const streamLimits: StreamLimits = { max: 5_000, maxOfOrg: 500, heartbeat: 15_000 };

/** The clients that are told when the flags of an org may have changed. */
export interface EventStreams {
  readonly hasRoom: () => boolean;
  /** Takes a response whose head is written, and says at once what changed since the client was told last. */
  readonly add: (stream: ServerResponse, org: OrgSnapshot, since: Position | "unknown" | null) => void;
  /** Ends every stream, and takes no more. */
  readonly close: () => void;
}

interface OrgStreams {
  readonly id: string | null;
  /** The name by which they were asked for: it may become another org's. */
  readonly slug: string;
  readonly streams: Set<ServerResponse>;
  /** Set for the next time at which a flag may change by itself. */
  timer: NodeJS.Timeout | undefined;
}

/** The longest that `setTimeout` can wait; anything longer would be over at once. */
const longestWait = 2 ** 31 - 1;

/** Tells clients of changes in the estate, and of those that time brings about. */
export function makeEventStreams(
  { estate, clock }: Pick<Serving, "estate" | "clock">,
  { max, heartbeat }: StreamLimits,
): EventStreams {
  const byOrg = new Map<string, OrgStreams>();
  let count = 0;
  let opened = 0;
  let isClosed = false;
  // What was announced, rather than what is known: between the two an id would say too much.
  let told = estate.state();

  const announce = (here: OrgStreams) => {
    for (const stream of here.streams) say(stream, refetch(told, clock()));
    void awaitFlip(here);
  };
  const awaitFlip = async (here: OrgStreams) => {
    // An org that cannot be read now is told of when it can: by then something has changed.
    const org = await Promise.resolve(estate.org(here.slug)).catch(() => undefined);
    if (here.streams.size === 0) return;
    clearTimeout(here.timer);
    if (org === undefined) return;
    // Whoever heard of it comes back, and gets the answer that is due under that name now.
    if (org?.id !== here.id) {
      for (const stream of here.streams) end(stream);
      return;
    }
    const at = nextFlip(org, clock());
    if (at !== Number.POSITIVE_INFINITY) wait(here, at);
  };
  // A timer may end a little early, and the time is still to come when it is further away than a timer can wait.
  const wait = (here: OrgStreams, at: number) => {
    const wake = () => (clock() > at ? announce(here) : wait(here, at));
    here.timer = setTimeout(wake, Math.min(at + 1 - clock(), longestWait)).unref();
  };
  const unlisten = estate.onChange(({ slugs }) => {
    told = estate.state();
    for (const here of byOrg.values()) if (slugs?.has(here.slug) ?? true) announce(here);
  });
  const beating = setInterval(() => {
    const beat = `:\n${mark(told, clock())}\n`;
    for (const { streams } of byOrg.values()) for (const stream of streams) say(stream, beat);
  }, heartbeat).unref();

  const forget = (here: OrgStreams, stream: ServerResponse) => {
    if (!here.streams.delete(stream)) return;
    count--;
    if (here.streams.size > 0) return;
    clearTimeout(here.timer);
    byOrg.delete(keyOf(here));
  };
  return {
    hasRoom: () => !isClosed && count < max,
    add(stream, org, since) {
      const { id, slug } = org;
      const key = keyOf(org);
      const isFirst = !byOrg.has(key);
      const here = byOrg.get(key) ?? { id, slug, streams: new Set(), timer: undefined };
      byOrg.set(key, here);
      here.streams.add(stream);
      count++;
      stream.once("close", () => forget(here, stream));
      if (isFirst) void awaitFlip(here);
      const now = clock();
      // Apart from each other, so that not all come back at once when a server ends.
      const retry = 2_000 + ((opened++ * 97) % 3_000);
      stream.write(`retry: ${retry}\n${mark(told, now)}\n`);
      if (since && isBehind(since, org, { epoch: told.epoch, taken: told.taken, at: now }))
        say(stream, refetch(told, now));
    },
    close() {
      isClosed = true;
      unlisten();
      clearInterval(beating);
      for (const { streams, timer } of byOrg.values()) {
        clearTimeout(timer);
        // What a client has not taken by now it is told when it comes back, elsewhere.
        for (const stream of streams) {
          if (stream.writableLength > 0) stream.destroy();
          else end(stream);
        }
      }
    },
  };
}

/** One org, by one name. */
function keyOf({ id, slug }: Pick<OrgSnapshot, "id" | "slug">): string {
  return `${id} ${slug}`;
}

/** Whoever has not taken what was said last is cut off, not waited for: it comes back, and is told then. */
function say(stream: ServerResponse, text: string): void {
  if (stream.writableEnded) return;
  if (stream.writableNeedDrain) stream.destroy();
  else stream.write(text);
}

/** Does not wait for the client to hang up too: one that does not read never would. */
function end(stream: ServerResponse): void {
  stream.end(() => stream.destroy());
}

type Told = Pick<EstateState, "epoch" | "revision" | "taken">;

/** Lets a client know where it stands without an event. */
function mark(told: Told, now: number): string {
  return `id: ${positionText(told, now)}\n`;
}

/** OFREP 0.3, `sseEvent`. */
function refetch(told: Told, now: number): string {
  const etag = positionText(told, now);
  const data = { type: "refetchEvaluation", etag, lastModified: Math.floor(now / 1_000) };
  return `id: ${etag}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Whoever cannot be shown to have missed nothing is told: to ask in vain is cheap. */
function isBehind(
  since: Position | "unknown",
  org: OrgSnapshot,
  now: Pick<Told, "epoch" | "taken"> & { readonly at: number },
): boolean {
  if (since === "unknown" || since.epoch !== now.epoch || since.taken !== now.taken) return true;
  return since.at !== null && nextFlip(org, since.at) < now.at;
}
