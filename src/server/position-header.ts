import type { FastifyInstance } from "fastify";
import { positionText } from "./ofrep/position.ts";
import type { Serving } from "./serving.ts";

/**
 * Says with every answer what is known at least where it was made. Who sends it as the `Last-Event-ID` of a stream of events
 * is told where anything may have changed since.
 */
export function positionHeader(app: FastifyInstance, { estate, clock }: Serving): void {
  app.addHook("onRequest", (_, reply, done) => {
    reply.header("tenantry-position", positionText(estate.state(), clock()));
    done();
  });
}
