import { addressOf } from "../model/address.ts";
import { descriptorOf, sectionOf } from "../model/kinds.ts";
import type { ActualScope, ActualState, DesiredScope, DesiredState } from "../model/state.ts";
import { byCodeUnit } from "../model/value.ts";
import { diff, letGo } from "./diff.ts";
import { findDeletions } from "./find-deletions.ts";
import { findUses } from "./find-uses.ts";
import { type KeyOf, type MatchedScope, matchScope, type Pair } from "./match-scope.ts";
import type { Change, Finding, Plan, ScopePlan } from "./plan.ts";

export interface PlanInputs {
  /** The one point in time of the whole plan, in canonical form. */
  readonly now: string;
  /** Gives every new row its id. */
  readonly newId: () => string;
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
  const planned: PlannedScope[] = [];
  const catalog = planScope(desired.catalog, actual.catalog, () => undefined, inputs, findings);
  planned.push(catalog);
  const catalogKeys = keysOf(catalog.matched);
  for (const { declared, found } of matchOrgs(desired.orgs, actual.orgs)) {
    if (declared) planned.push(planScope(declared, found, catalogKeys, inputs, findings));
    else if (found) planned.push(leaveOrg(found, catalogKeys, inputs, findings));
  }
  findings.push(...findUses(planned), ...findDeletions(planned));
  const plan: Plan = {
    kind: "plan",
    now: inputs.now,
    base: {
      epoch: actual.epoch,
      revision: actual.revision,
      counters: new Map([actual.catalog, ...actual.orgs].map(({ orgId, counter }) => [orgId, counter])),
    },
    catalogIds: catalog.matched.ids,
    scopes: planned.filter(({ changes }) => changes.length > 0).map(toScopePlan),
    findings: findings.sort((a, b) => byCodeUnit(a.subject, b.subject) || byCodeUnit(a.code, b.code)),
    allowed: [],
    notes: [],
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

function planScope(
  desired: DesiredScope,
  actual: ActualScope | null,
  catalogKeyOf: KeyOf,
  inputs: PlanInputs,
  findings: Finding[],
): PlannedScope {
  const matched = matchScope(desired, actual, catalogKeyOf, inputs.newId);
  for (const { resource, earlier } of matched.clashes) {
    findings.push({
      code: "rename-clash",
      subject: addressOf(desired.org, resource.kind, resource.key),
      message: `"${earlier}" cannot be renamed to "${resource.key}": the database holds both.`,
      help: `Take "previously" away, and declare "${earlier}" or let it go.`,
      canPass: false,
      at: { org: desired.org, path: resource.path },
    });
  }
  const dropped = new Set<string>();
  const changes = matched.pairs.flatMap((pair) => changeOf(pair, desired, inputs, findings, dropped) ?? []);
  for (const section of dropped) findings.push(droppedSection(desired.org, section));
  const orgId = actual?.orgId ?? (matched.ids.get("org")?.get("") as string);
  return { org: desired.org, orgId, matched, changes };
}

function changeOf(
  pair: Pair,
  scope: DesiredScope,
  inputs: PlanInputs,
  findings: Finding[],
  dropped: Set<string>,
): Change | null {
  if (pair.desired) return diff(pair, inputs.now);
  const section = sectionOf(pair.kind, pair.before);
  if (pair.actual?.managed == null)
    return isUnaccounted(pair, section, scope) ? diff(pair, inputs.now) : null;
  if (scope.released.has(section)) return letGo(pair);
  if (!scope.sections.has(section)) {
    dropped.add(section);
    return null;
  }
  if (descriptorOf(pair.kind).keptWhenAbsent) {
    findings.push({
      code: "undeclared-workspace",
      subject: addressOf(scope.org, pair.kind, pair.key),
      message: `The manifests made workspace "${pair.key}" and declare it no more. Absence never deletes a workspace.`,
      help: "Declare it again; or let go of all workspaces with release: [workspaces] and no section workspaces.",
      canPass: false,
      at: null,
    });
    return null;
  }
  return diff(pair, inputs.now);
}

/** Whether an authoritative section removes a row that the manifests do not own. */
function isUnaccounted(
  { kind, actual }: Pair,
  section: string,
  { authoritative, sections }: DesiredScope,
): boolean {
  const judges = authoritative.get(section);
  if (!actual || !judges || !sections.has(section) || descriptorOf(kind).keptWhenAbsent) return false;
  return judges === "all" || actual.origin === "manifest" || actual.origin === "unknown";
}

function droppedSection(org: string | null, section: string): Finding {
  const name = org ?? "the catalog";
  return {
    code: "dropped-section",
    subject: `${org ?? "catalog"}/${section}`,
    message: `The section "${section}" of ${name} was managed, and is no longer written.`,
    help:
      org === null
        ? `Write "${section}: {}" to remove what it declared.`
        : `Write "${section}: {}" to remove what it declared, or "release: [${section}]" to leave it as it is.`,
    canPass: false,
    at: { org, path: [] },
  };
}

function leaveOrg(
  actual: ActualScope,
  catalogKeyOf: KeyOf,
  inputs: PlanInputs,
  findings: Finding[],
): PlannedScope {
  const matched = matchScope(null, actual, catalogKeyOf, inputs.newId);
  const org = matched.pairs.find(({ kind }) => kind === "org");
  if (org?.actual?.managed != null) {
    findings.push({
      code: "undeclared-org",
      subject: actual.org ?? "",
      message: `The manifests made the org "${actual.org}" and declare it no more. Absence never deletes an org.`,
      help: "Declare it again; with status: archived, if it is to end.",
      canPass: false,
      at: null,
    });
  }
  return { org: actual.org, orgId: actual.orgId, matched, changes: [] };
}

interface OrgMatch {
  readonly declared: DesiredScope | null;
  readonly found: ActualScope | null;
}

function matchOrgs(desired: readonly DesiredScope[], actual: readonly ActualScope[]): OrgMatch[] {
  const left = new Map(actual.map((scope) => [scope.org, scope]));
  const take = (slug: string | null) => {
    const scope = left.get(slug);
    left.delete(slug);
    return scope;
  };
  // An org that bears its own name goes before one that would take it by an earlier name.
  const byName = new Map(desired.map((scope) => [scope, take(scope.org)]));
  const matches = desired.map((declared): OrgMatch => {
    const earlier = declared.previously.map(take);
    return { declared, found: byName.get(declared) ?? earlier.find((scope) => scope !== undefined) ?? null };
  });
  return [...matches, ...[...left.values()].map((found): OrgMatch => ({ declared: null, found }))];
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
