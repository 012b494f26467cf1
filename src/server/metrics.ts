import { Counter, collectDefaultMetrics, Gauge, type Metric, type MetricValue, Registry } from "prom-client";
import type { LiveEstate } from "../runtime/live-estate.ts";
import type { DecisionTally } from "./decision-tally.ts";
import { bucketBounds, type RequestSeries, type RequestTally } from "./request-tally.ts";
import type { Standing } from "./standing.ts";

/** What metrics are made of. */
export interface Measured {
  readonly estate: LiveEstate;
  readonly clock: () => number;
  readonly standing: Standing;
  readonly decisions: DecisionTally;
  readonly requests: RequestTally;
}

/**
 * The metrics of a server. All are read when they are asked for; answering touches none. No label holds a name of an
 * org, a member or anything else that people chose. Each says how it is put together where several processes serve.
 */
export function makeMetrics({ estate, clock, standing, decisions, requests }: Measured): Registry {
  const registers = [new Registry()];
  new Counter({
    name: "tenantry_decisions_total",
    help: "Decisions by kind, by whether the answer was a yes, and by reason",
    labelNames: ["kind", "result", "reason"],
    registers,
    collect() {
      this.reset();
      for (const { count, ...labels } of decisions.counts()) this.inc(labels, count);
    },
  });
  registers[0]?.registerMetric(durations(requests));
  new Gauge({
    name: "tenantry_snapshot_age_seconds",
    help: "How long ago what is answered from was known to be so",
    aggregator: "max",
    registers,
    collect() {
      this.set(Math.max(0, clock() - estate.state().seenAt) / 1_000);
    },
  });
  new Gauge({
    name: "tenantry_revision",
    help: "The estate's revision that is answered from; of several processes, the one furthest behind",
    aggregator: "min",
    registers,
    collect() {
      this.set(estate.state().revision);
    },
  });
  new Gauge({
    name: "tenantry_orgs_held",
    help: "How many orgs are in memory",
    aggregator: "max",
    registers,
    collect() {
      this.set(estate.state().orgs);
    },
  });
  freshnessMetrics(standing, registers);
  return registers[0] as Registry;
}

function freshnessMetrics(standing: Standing, registers: Registry[]): void {
  for (const { name, help, of } of looked) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(standing.freshness?.()[of] ?? 0);
      },
    });
  }
  new Gauge({
    name: "tenantry_listening",
    help: "1 where commits are told of, 0 where they are only looked for",
    aggregator: "min",
    registers,
    collect() {
      this.set(standing.freshness?.().mode === "listening" ? 1 : 0);
    },
  });
}

const looked = [
  { of: "looks", name: "tenantry_database_looks_total", help: "Looks at the database" },
  {
    of: "failures",
    name: "tenantry_database_look_failures_total",
    help: "Looks at the database that failed",
  },
  {
    of: "reconnects",
    name: "tenantry_database_relistens_total",
    help: "How often listening to the database was taken up again",
  },
] as const;

let ofProcess: Registry | null = null;

/** Memory, processor, garbage and delays of this process: there is one of it, however many servers it has. */
export function processMetrics(): Registry {
  if (!ofProcess) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

const durationName = "tenantry_http_request_duration_seconds";

/** A histogram over counters that are not prom-client's own, whose `observe` costs as much as a decision. */
function durations(requests: RequestTally): Metric {
  const about = {
    name: durationName,
    help: "How long answers took, by the route's pattern",
    type: "histogram",
    aggregator: "sum",
  };
  const get = async () => ({ ...about, values: requests.series().flatMap(valuesOf) });
  return { ...about, get, reset: () => {} } as unknown as Metric;
}

type HistogramValue = MetricValue<string> & { readonly metricName: string };

function valuesOf({ route, method, status, buckets, sum }: RequestSeries): HistogramValue[] {
  const labels = { route, method, status };
  let count = 0;
  const cumulative = buckets.map((inBucket, place) => {
    count += inBucket;
    const le = bucketBounds[place] ?? "+Inf";
    return { metricName: `${durationName}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...cumulative,
    { metricName: `${durationName}_sum`, labels, value: sum },
    { metricName: `${durationName}_count`, labels, value: count },
  ];
}
