import { addressOf } from "../model/address.ts";
import { PlanStale } from "./database-error.ts";
import type { Answer } from "./transaction.ts";
import type { PlacedChange } from "./writing.ts";

/** Throws `PlanStale` with the addresses of the rows that were no more as the plan saw them. */
export function checkWritten(wanted: readonly PlacedChange[], answer: Answer<{ readonly id: string }>): void {
  if (answer.rowCount === wanted.length) return;
  const ids = new Set(answer.rows.map(({ id }) => id));
  const missed = wanted.filter(({ change }) => !ids.has(change.id));
  const addresses = missed.map(({ scope, change }) => addressOf(scope.org, change.kind, change.key));
  const shown = addresses.slice(0, 20);
  const more = addresses.length > shown.length ? [`and ${addresses.length - shown.length} more`] : [];
  throw new PlanStale(
    `Changed since the plan was made:\n${[...shown, ...more].join("\n")}\nMake the plan again.`,
    addresses,
  );
}
