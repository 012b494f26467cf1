import { addressOf } from "../model/address.ts";
import type { ActualScope, ActualState, DesiredScope, DesiredState, Resource } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import { deleteHoldings } from "./delete-holdings.ts";
import { type Buried, findBuried } from "./find-buried.ts";
import { findDeletions } from "./find-deletions.ts";
import { noteMissingNames, renameClash } from "./find-renames.ts";
import { findUses, type UseElsewhere } from "./find-uses.ts";
import { leaveOrg } from "./leave-org.ts";
import { matchOrgs } from "./match-orgs.ts";
import { type KeyOf, type MatchedScope, matchScope } from "./match-scope.ts";
import type { Change, Finding, Plan, ScopePlan } from "./plan.ts";
import { planScope } from "./plan-scope.ts";
import { endOrg } from "./purge-org.ts";

export interface PlanInputs {
  /** The one point in time of the whole plan, in canonical form. */
  readonly now: string;
  /** Gives every new row its id. */
  readonly newId: () => string;
  /** Archives the orgs that the manifests made and declare no more. */
  readonly prune?: boolean;
  /** The orgs and workspaces to let go of, by address: `acme`, `acme/workspace/web`. */
  readonly forget?: ReadonlySet<string>;
  /** The findings to let pass, as `--allow` names them: some make the plan do more. */
  readonly allow?: ReadonlySet<string>;
  readonly buried?: Buried;
  /** What orgs refer to that were not read. */
  readonly elsewhere?: readonly UseElsewhere[];
  /** Orgs that were read only because they hold what goes; all else in them stays as it is. */
  readonly holders?: readonly ActualScope[];
}

/** One scope while its plan is made. */
export interface PlannedScope {
  readonly org: string | null;
  readonly orgId: string;
  readonly matched: MatchedScope;
  readonly changes: readonly Change[];
}

/** A plan, and the scopes that it was made of with all that does not change in them. */
export interface MadePlan {
  readonly plan: Plan;
  readonly planned: readonly PlannedScope[];
}

/** Compares what Git says with what the database holds, and says what has to change, and what stands in the way. */
export function makePlan(desired: DesiredState, actual: ActualState, inputs: PlanInputs): MadePlan {
  const findings: Finding[] = [];
  const catalog = planScope(desired.catalog, actual.catalog, () => undefined, { inputs, findings });
  const catalogKeyOf = keysOf(catalog.matched);
  const orgs = planOrgs(desired.orgs, actual.orgs, catalogKeyOf, { inputs, findings });
  const holders = inputs.holders ?? [];
  const found = [catalog, ...orgs, ...holders.map((held) => leaveAlone(held, catalogKeyOf, inputs))];
  findings.push(...findUses(found, inputs.elsewhere), ...findDeletions(found));
  if (inputs.buried) findings.push(...findBuried(found, inputs.buried));
  const planned = deleteHoldings(found, inputs);
  const plan: Plan = {
    kind: "plan",
    now: inputs.now,
    base: {
      epoch: actual.epoch,
      revision: actual.revision,
      counters: new Map(
        [actual.catalog, ...actual.orgs, ...holders].map(({ orgId, counter }) => [orgId, counter]),
      ),
    },
    catalogIds: catalog.matched.ids,
    scopes: planned.filter(({ changes }) => changes.length > 0).map(toScopePlan),
    findings: findings.sort((a, b) => byCodeUnit(a.subject, b.subject) || byCodeUnit(a.code, b.code)),
    allowed: [],
    notes: noteMissingNames(found, desired.orgs),
    headroom: [],
    orgCount: desired.orgs.length,
    looked: {
      orgs: desired.orgs.length,
      because: { source: 0, rows: 0, due: 0, catalog: 0, refresh: desired.orgs.length },
      unmanagedSections: 0,
      dueElsewhere: 0,
    },
    baselines: [],
  };
  return { plan, planned };
}

function planOrgs(
  desired: readonly DesiredScope[],
  actual: readonly ActualScope[],
  catalogKeyOf: KeyOf,
  { inputs, findings }: { readonly inputs: PlanInputs; readonly findings: Finding[] },
): PlannedScope[] {
  return matchOrgs(desired, actual).flatMap(({ declared, found, clashes }) => {
    // What was purged, or never was, need not be made to be deleted.
    if (!found && declared?.resources.some(isDeletedOrg)) return [];
    const subject = declared?.org ?? "";
    const at = { org: subject, path: ["previously"] };
    const own = clashes.map((earlier) => renameClash({ subject, name: subject, at }, earlier));
    const planning = { inputs, findings: own };
    const scope = declared
      ? planScope(declared, found, catalogKeyOf, planning)
      : found && leaveOrg(found, catalogKeyOf, planning);
    if (!scope) return [];
    const ended = endOrg(scope, inputs.now);
    findings.push(...(ended.purge ?? own));
    return [ended.scope];
  });
}

function leaveAlone(actual: ActualScope, catalogKeyOf: KeyOf, { newId }: PlanInputs): PlannedScope {
  const { org, orgId } = actual;
  return { org, orgId, matched: matchScope(null, actual, catalogKeyOf, newId), changes: [] };
}

function isDeletedOrg({ kind, fields }: Resource): boolean {
  return kind === "org" && fields.status === "deleted";
}

function keysOf(matched: MatchedScope): KeyOf {
  const keys = new Map(matched.pairs.map(({ id, key }) => [id, key]));
  return (id) => keys.get(id);
}

/** A scope with its changes in the order that they are read in. */
export function toScopePlan({ org, orgId, matched, changes }: PlannedScope): ScopePlan {
  const shownAt = (change: Change) => {
    const { kind, key } = change.partOf ?? change;
    return `${addressOf(org, kind, key)} ${change.partOf ? change.key : ""}`;
  };
  const sorted = changes
    .map((change) => ({ change, at: shownAt(change) }))
    .sort((a, b) => byCodeUnit(a.at, b.at))
    .map(({ change }) => change);
  return { org, orgId, changes: sorted, ids: matched.ids };
}
