import type { FastifyInstance, RouteOptions } from "fastify";

/** The requests that one route answered with one status. */
export interface RequestSeries {
  /** The route's pattern, `/v1/orgs/:org/check`: paths hold orgs and addresses. `none` where no route was found. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  /** How many took at most as long as the bound of the same place, and longer than the one before; then the others. */
  readonly buckets: readonly number[];
  /** In seconds, of all. */
  readonly sum: number;
}

export interface RequestTally {
  /** Counts a request that reached no route. */
  readonly unrouted: (status: number, milliseconds: number) => void;
  readonly series: () => readonly RequestSeries[];
}

/** Up to how many seconds each bucket goes. */
export const bucketBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

interface Latencies {
  readonly buckets: number[];
  sum: number;
}

interface RouteTally {
  readonly route: string;
  readonly method: string;
  readonly byStatus: Map<number, Latencies>;
}

/**
 * Counts the requests of every route that is added after this call. Each route gets a hook that knows its own
 * counters, so that nothing is looked up by name while answering.
 */
export function requestTally(app: FastifyInstance): RequestTally {
  const routes: RouteTally[] = [];
  const add = (route: string, method: string): RouteTally => {
    const tally = { route, method, byStatus: new Map() };
    routes.push(tally);
    return tally;
  };
  const none = add("none", "any");
  app.addHook("onRoute", (route) => observe(route, add(route.url, String(route.method))));
  return {
    unrouted: (status, milliseconds) => take(none, status, milliseconds),
    series: () =>
      routes.flatMap(({ route, method, byStatus }) =>
        [...byStatus].map(([status, { buckets, sum }]) => ({ route, method, status, buckets, sum })),
      ),
  };
}

function observe(route: RouteOptions, tally: RouteTally): void {
  route.onResponse = [
    (_, reply, done) => {
      take(tally, reply.statusCode, reply.elapsedTime);
      done();
    },
    ...[route.onResponse ?? []].flat(),
  ];
}

function take({ byStatus }: RouteTally, status: number, milliseconds: number): void {
  let latencies = byStatus.get(status);
  if (!latencies) {
    latencies = { buckets: new Array(bucketBounds.length + 1).fill(0), sum: 0 };
    byStatus.set(status, latencies);
  }
  const seconds = milliseconds / 1_000;
  let place = 0;
  while (place < bucketBounds.length && seconds > (bucketBounds[place] as number)) place++;
  (latencies.buckets[place] as number)++;
  latencies.sum += seconds;
}
