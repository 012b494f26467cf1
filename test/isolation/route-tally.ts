import type { Credentials } from "./route-credentials.ts";
import type { RouteForm } from "./route-forms.ts";
import type { AskedRequest } from "./route-request.ts";
import type { Tenant } from "./route-tenants.ts";

/** What an attack on the routes came to. */
export interface RouteTally {
  requests: number;
  /** How many of them were asked once more with nobody's names. */
  twins: number;
  readonly byStatus: Map<number, number>;
  /** The statuses of each route's answers, by who saw them. */
  readonly byRoute: Map<string, Set<string>>;
  /** What each tenant was told of its own. */
  readonly seen: Readonly<Record<Tenant, Set<string>>>;
  readonly leaks: string[];
}

export function emptyTally(): RouteTally {
  return {
    requests: 0,
    twins: 0,
    byStatus: new Map(),
    byRoute: new Map(),
    seen: { zqnorth: new Set(), zqsouth: new Set() },
    leaks: [],
  };
}

interface Trial {
  readonly form: RouteForm;
  readonly credentials: Credentials;
}

export function noteAnswer(tally: RouteTally, { form, credentials }: Trial, status: number): void {
  tally.requests++;
  tally.byStatus.set(status, (tally.byStatus.get(status) ?? 0) + 1);
  const seen = tally.byRoute.get(form.name) ?? new Set();
  tally.byRoute.set(form.name, seen.add(`${credentials.sees} ${status}`));
}

export interface Leak {
  readonly asked: AskedRequest;
  readonly why: string;
  readonly answers: readonly string[];
}

/** With what it takes to ask again. */
export function noteLeak(
  tally: RouteTally,
  { form, credentials }: Trial,
  { asked, why, answers }: Leak,
): void {
  const { method, url, headers, payload } = asked;
  tally.leaks.push(
    [
      `${form.name} with ${credentials.name} ${why}`,
      `  ${method} ${url}\n  ${JSON.stringify(headers)}\n  ${payload ?? ""}`,
      ...answers.map((answer) => `  ${answer.slice(0, 1_000)}`),
    ].join("\n"),
  );
}

export function tallyText({ requests, twins, byStatus, byRoute, leaks }: RouteTally): string {
  const statuses = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${told(count)}`);
  return `${byRoute.size} routes, ${told(requests)} requests (${told(twins)} of them with nobody's names); ${statuses.join(", ")}; ${leaks.length} leaks`;
}

const told = (count: number) => count.toLocaleString("en");
