import type { ActualScope, ActualState } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import { diffScopes, keysOfScope } from "./diff-scopes.ts";
import { type MadePlan, type PlannedScope, toScopePlan } from "./make-plan.ts";
import type { Finding } from "./plan.ts";

export interface BetweenInputs {
  /** The one point in time of the whole plan, in canonical form. */
  readonly now: string;
  /** What stands in the way, once the changes are known. */
  readonly findings?: (planned: readonly PlannedScope[]) => readonly Finding[];
}

/** The plan whose writing makes one state the other. Rows are told apart by their ids; those that come back have theirs. */
export function planBetween(before: ActualState, after: ActualState, inputs: BetweenInputs): MadePlan {
  const catalog = diffScopes(before.catalog, after.catalog, () => undefined);
  const keyOf = keysOfScope(catalog);
  const orgs = paired(before.orgs, after.orgs).map(([from, to]) => diffScopes(from, to, keyOf));
  const planned = [catalog, ...orgs.sort((a, b) => byCodeUnit(a.org ?? "", b.org ?? ""))];
  const findings = [...(inputs.findings?.(planned) ?? [])];
  return {
    planned,
    plan: {
      kind: "plan",
      now: inputs.now,
      base: {
        epoch: before.epoch,
        revision: before.revision,
        counters: new Map([before.catalog, ...before.orgs].map(({ orgId, counter }) => [orgId, counter])),
      },
      catalogIds: catalog.matched.ids,
      scopes: planned.filter(({ changes }) => changes.length > 0).map(toScopePlan),
      findings: findings.sort((a, b) => byCodeUnit(a.subject, b.subject) || byCodeUnit(a.code, b.code)),
      allowed: [],
      notes: [],
      headroom: [],
      orgCount: orgs.length,
      looked: {
        orgs: orgs.length,
        because: { source: 0, rows: orgs.length, due: 0, catalog: 0, refresh: 0 },
        unmanagedSections: 0,
        dueElsewhere: 0,
      },
      baselines: [],
    },
  };
}

function paired(
  before: readonly ActualScope[],
  after: readonly ActualScope[],
): (readonly [ActualScope | null, ActualScope | null])[] {
  const then = new Map(before.map((scope) => [scope.orgId, scope]));
  const now = new Map(after.map((scope) => [scope.orgId, scope]));
  return [...new Set([...then.keys(), ...now.keys()])].map((id) => [
    then.get(id) ?? null,
    now.get(id) ?? null,
  ]);
}
