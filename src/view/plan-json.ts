import type { Impact } from "../decision/impact/impact.ts";
import { addressOf } from "../model/address.ts";
import type { Value } from "../model/value.ts";
import type { KeysAfter } from "../plan/keys-after.ts";
import type { Change, Finding, Note, Plan } from "../plan/plan.ts";
import { impactJson } from "./impact-json.ts";
import { planCounts } from "./plan-counts.ts";
import { undoCommand } from "./plan-foot-text.ts";
import type { PlanAbout } from "./plan-head-text.ts";
import { mintCommand } from "./plan-keys-text.ts";
import type { Places } from "./plan-lines.ts";

export interface PlanJsonView extends Places {
  readonly about: PlanAbout;
  /** What it decides for people; null where nobody evaluated it. */
  readonly impact?: Impact | null;
  /** What becomes of keys; null where there is nothing to say or nobody looked. */
  readonly keys?: KeysAfter | null | undefined;
}

/** The plan as data, with everything that the text says: see `plan-schema.ts`. References are keys, as in the manifests. */
export function planJson(plan: Plan, view: PlanJsonView) {
  const { estate, provenance } = view.about;
  const placed = <Told extends Finding | Note>({ at, ...told }: Told) => ({
    ...told,
    at: at && view.declaredAt(at.org, at.path),
  });
  const changes = plan.scopes.flatMap(({ org, changes }) =>
    changes.map((change) => changeJson(org, change, view)),
  );
  return {
    format: "tenantry/plan/v1",
    now: plan.now,
    estate,
    epoch: plan.base.epoch,
    revision: plan.base.revision,
    provenance,
    orgs: plan.orgCount,
    summary: summaryJson(plan),
    findings: plan.findings.map(placed),
    allowed: plan.allowed.map(placed),
    notes: plan.notes.map(placed),
    changes,
    impact: view.impact ? impactJson(view.impact) : null,
    keys: view.keys ? keysJson(view.keys) : null,
    headroom: plan.headroom,
    looked: plan.looked,
    undo: undoCommand(plan),
  };
}

function summaryJson(plan: Plan) {
  const { changes, drift, orgs } = planCounts(plan);
  const rows = { create: 0, update: 0, delete: 0 };
  for (const scope of plan.scopes) for (const { action } of scope.changes) rows[action] += 1;
  return {
    changes,
    fromGit: changes - drift,
    drift,
    orgs,
    blocked: plan.findings.length,
    allowed: plan.allowed.length,
    ...rows,
  };
}

function keysJson({ unminted, ceasing, resuming }: KeysAfter) {
  return { unminted: unminted.map((key) => ({ ...key, command: mintCommand(key) })), ceasing, resuming };
}

function changeJson(org: string | null, change: Change, { declaredAt, wasDeclaredAt }: PlanJsonView) {
  const { action, kind, key, id, partOf, path } = change;
  const ownership = change.action === "update" ? change : null;
  return {
    action,
    address: addressOf(org, kind, key),
    org,
    kind,
    key,
    id,
    partOf: partOf && addressOf(org, partOf.kind, partOf.key),
    at: path && declaredAt(org, path),
    was: action === "delete" ? (wasDeclaredAt?.(org, kind, key) ?? null) : null,
    fields: fieldsOf(change).map((field) => ({ drift: null, ...field })),
    drift: change.action === "update" ? null : change.drift,
    adopted: ownership !== null && ownership.managedBefore === null && ownership.managed !== null,
    released: ownership !== null && ownership.managedBefore !== null && ownership.managed === null,
  };
}

interface FieldJson {
  readonly field: string;
  readonly before: Value;
  readonly after: Value;
}

/** What changes of a row, with null where it was not, or is no more. */
export function fieldsOf(change: Change): FieldJson[] {
  if (change.action === "update") return [...change.fields];
  const isNew = change.action === "create";
  const values = Object.entries(isNew ? change.after : change.before).filter(([, value]) => value !== null);
  return values.map(([field, value]) => ({
    field,
    before: isNew ? null : value,
    after: isNew ? value : null,
  }));
}
