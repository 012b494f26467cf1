import type { Resource } from "../model/state.ts";
import type { Value } from "../model/value.ts";
import type { PlannedScope } from "./make-plan.ts";
import type { Pair } from "./match-scope.ts";
import type { Change } from "./plan.ts";
import { translateNames } from "./translate-names.ts";

/** Every row of a scope, the manifests' and all others, before a plan and after it. */
export interface ScopeStates {
  /** null: the org is not there yet. */
  readonly before: readonly Resource[] | null;
  /** null: the org is not there any more. */
  readonly after: readonly Resource[] | null;
  /** The members' ids by key, of those before and those after. */
  readonly memberIds: ReadonlyMap<string, string>;
}

/**
 * Both states of a scope, with every field of every row and keys for references. What the plan renames bears its new
 * key in both, so that the same key is the same thing; also where the catalog's names are written, such as `inherits`.
 */
export function statesOf(scope: PlannedScope, catalog: PlannedScope = scope): ScopeStates {
  const changes = new Map(scope.changes.map((change) => [change.id, change]));
  const before: Resource[] = [];
  const after: Resource[] = [];
  const memberIds = new Map<string, string>();
  let isThere = scope.org === null;
  let stays = scope.org === null;
  for (const pair of scope.matched.pairs) {
    const change = changes.get(pair.id);
    const fields = fieldsAfter(pair, change);
    if (pair.actual) before.push(resourceOf(pair, pair.before));
    if (fields) after.push(resourceOf(pair, fields));
    if (pair.kind === "member") memberIds.set(pair.key, pair.id);
    if (pair.kind === "org") [isThere, stays] = [pair.actual !== null, fields !== null];
  }
  return {
    before: isThere ? translateNames(before, catalog === scope ? [scope] : [scope, catalog]) : null,
    after: stays ? after : null,
    memberIds,
  };
}

function resourceOf({ kind, key, desired }: Pair, fields: Readonly<Record<string, Value>>): Resource {
  return { kind, key, fields, previously: [], path: desired?.path ?? [] };
}

/** null where the row is not there after the plan. */
function fieldsAfter(pair: Pair, change: Change | undefined): Readonly<Record<string, Value>> | null {
  if (!change) return pair.actual ? pair.before : null;
  if (change.action === "create") return change.after;
  if (change.action === "delete") return null;
  if (change.fields.length === 0) return pair.before;
  const after: Record<string, Value> = { ...pair.before };
  for (const { field, after: value } of change.fields) {
    // The ledger's columns are no fields of the row.
    if (field in pair.before) after[field] = value;
  }
  return after;
}
