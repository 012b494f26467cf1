import type { OutgoingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import { sendProblem } from "../problem.ts";
import type { StreamsOfKeys } from "./end-streams-of-keys.ts";
import type { EventStreams, StreamLimits } from "./event-streams.ts";
import { flagEventsSchema } from "./ofrep-schema.ts";
import { readPosition } from "./position.ts";

interface Route {
  Querystring: { readonly since?: string };
}

export interface FlagEventsOptions {
  readonly streams: EventStreams;
  readonly ofKeys: StreamsOfKeys;
  readonly limits: Pick<StreamLimits, "maxOfOrg">;
}

/** Tells a client when to ask for its flags again, until either side ends it. OFREP 0.3, event streams. */
export function flagEvents(
  scope: FastifyInstance,
  { streams, ofKeys, limits: { maxOfOrg } }: FlagEventsOptions,
): void {
  scope.get<Route>(
    "/ofrep/v1/events",
    { schema: flagEventsSchema, exposeHeadRoute: false },
    (request, reply) => {
      if (!streams.hasRoom()) {
        sendProblem(reply.header("retry-after", 30), "too-many-streams");
        return;
      }
      // A service asks for all orgs, and so may hold all streams there are.
      const ownOrg = request.caller?.orgId ?? null;
      if (ownOrg !== null && ofKeys.ofOrg(ownOrg) >= maxOfOrg) {
        const detail = `The keys of one org may hold ${maxOfOrg} streams.`;
        sendProblem(reply.header("retry-after", 30), "too-many-streams", { detail });
        return;
      }
      // The header is newer than the address, which a client keeps for as long as it reconnects.
      const seen = request.headers["last-event-id"] ?? request.query.since;
      reply.hijack();
      ofKeys.add(reply.raw, request.caller);
      reply.raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...streamHeaders });
      streams.add(
        reply.raw,
        request.asked.org,
        seen === undefined ? null : (readPosition(seen) ?? "unknown"),
      );
    },
  );
}

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  // What ends, ends its connection: kept for another request, it would hold up a server that is closing.
  connection: "close",
  "cache-control": "no-cache, no-transform",
  // nginx would hold events back until it has a page of them.
  "x-accel-buffering": "no",
} as const;
