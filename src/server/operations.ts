import type { FastifyInstance } from "fastify";
import { prometheusContentType } from "prom-client";
import type { Serving } from "./serving.ts";
import type { Standing } from "./standing.ts";

/** What those who run the server may ask it. */
export interface Operations {
  readonly standing: Standing;
  /** The metrics of all processes that serve together, as text. */
  readonly metrics: () => Promise<string>;
}

/**
 * `/livez`: the process answers. `/readyz`: it should be sent work; if not, 503 with the reason as data. `/metrics`:
 * what Prometheus reads.
 */
export function operations(app: FastifyInstance, serving: Serving, running: Operations): void {
  const { standing, metrics } = running;
  app.get("/livez", open, (_, reply) => reply.header("cache-control", "no-store").send({ live: true }));
  app.get("/readyz", open, (_, reply) => {
    const readiness = readinessOf(serving, standing);
    reply
      .code(readiness.ready ? 200 : 503)
      .header("cache-control", "no-store")
      .send(readiness);
  });
  app.get("/metrics", open, async (_, reply) => reply.type(prometheusContentType).send(await metrics()));
}

/** Supervisors and balancers have no key; what they are told names no org and no member. */
const open = { config: { isOpen: true } };

/** Whether to send work here, and what that was judged by. */
export interface Readiness {
  readonly ready: boolean;
  readonly reason: "draining" | "stale" | null;
  readonly revision: number;
  readonly orgs: number;
  /** How many seconds ago what is answered from was known to be so, and how many it may be. */
  readonly age: number;
  readonly max_stale: number;
  /** The code of what the last look at the database failed with. */
  readonly error: string | null;
}

function readinessOf({ estate, clock, maxStale }: Serving, standing: Standing): Readiness {
  const { revision, orgs, seenAt } = estate.state();
  const age = Math.max(0, clock() - seenAt);
  const reason = standing.isDraining ? "draining" : age > maxStale ? "stale" : null;
  return {
    ready: reason === null,
    reason,
    revision,
    orgs,
    age: age / 1_000,
    max_stale: maxStale / 1_000,
    error: standing.freshness?.().trouble?.code ?? null,
  };
}
