import type { TimelineEvent } from "../database/read-timeline.ts";
import { changeBetween } from "../plan/change-between.ts";
import type { Change } from "../plan/plan.ts";
import type { ShownTransaction } from "../view/audit-text.ts";

/** Events of one org, newest first, as the transactions that they were made in: of each row what it was before and came to. */
export function transactionsOf(events: readonly TimelineEvent[]): ShownTransaction[] {
  const groups = new Map<number, TimelineEvent[]>();
  for (const event of events) {
    const group = groups.get(event.counter);
    if (group) group.unshift(event);
    else groups.set(event.counter, [event]);
  }
  return [...groups]
    .sort(([a], [b]) => b - a)
    .map(([, group]) => {
      const [{ org, orgId, by, revision, commit, title }] = group as [TimelineEvent];
      return { org, orgId, by, revision, commit, title, changes: changesOf(group) };
    })
    .filter(({ changes }) => changes.length > 0);
}

function changesOf(events: readonly TimelineEvent[]): Change[] {
  const rows = new Map<string, { readonly first: TimelineEvent; last: TimelineEvent }>();
  for (const event of events) {
    const row = rows.get(`${event.kind} ${event.id}`);
    if (row) row.last = event;
    else rows.set(`${event.kind} ${event.id}`, { first: event, last: event });
  }
  return [...rows.values()].flatMap(({ first, last }) => {
    const nameOf = (id: string) => last.names.get(id) ?? first.names.get(id);
    return changeBetween(first.before, last.after, nameOf) ?? [];
  });
}
