import type { Change, Plan } from "./plan.ts";

/** The plan with nothing but what something else changed since the last apply. It is for looking at, not for applying. */
export function driftOnly(plan: Plan): Plan {
  const scopes = plan.scopes.map((scope) => ({ ...scope, changes: scope.changes.flatMap(drifted) }));
  return { ...plan, scopes: scopes.filter(({ changes }) => changes.length > 0), headroom: [] };
}

/** Whether something else had a hand in what a change undoes. */
export function hasDrift(change: Change): boolean {
  return change.action === "update"
    ? change.fields.some(({ drift }) => drift !== null)
    : change.drift !== null;
}

function drifted(change: Change): Change[] {
  if (!hasDrift(change)) return [];
  if (change.action !== "update") return [change];
  return [{ ...change, fields: change.fields.filter(({ drift }) => drift !== null) }];
}
