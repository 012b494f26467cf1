import { addressOf } from "../model/address.ts";
import type { Path } from "../model/state.ts";
import type { Value } from "../model/value.ts";
import type { Change, Plan } from "../plan/plan.ts";

/** The plan as data, with everything that the text says. References are keys, as in the manifests. */
export function planJson(plan: Plan, declaredAt: (org: string | null, path: Path) => string | null) {
  const changes = plan.scopes.flatMap(({ org, changes }) =>
    changes.map((change) => ({
      action: change.action,
      address: addressOf(org, change.kind, change.key),
      org,
      kind: change.kind,
      key: change.key,
      id: change.id,
      partOf: change.partOf && addressOf(org, change.partOf.kind, change.partOf.key),
      at: change.path && declaredAt(org, change.path),
      fields: fieldsOf(change),
      ...(change.action === "update"
        ? { adopted: change.managedBefore === null, released: change.managed === null }
        : {}),
    })),
  );
  const count = (action: Change["action"]) => changes.filter((change) => change.action === action).length;
  return {
    format: "tenantry/plan/v1",
    now: plan.now,
    epoch: plan.base.epoch,
    revision: plan.base.revision,
    orgs: plan.orgCount,
    summary: { create: count("create"), update: count("update"), delete: count("delete") },
    findings: plan.findings.map(({ at, ...finding }) => ({
      ...finding,
      at: at && declaredAt(at.org, at.path),
    })),
    changes,
  };
}

interface FieldJson {
  readonly field: string;
  readonly before: Value;
  readonly after: Value;
}

function fieldsOf(change: Change): FieldJson[] {
  if (change.action === "update") return [...change.fields];
  const isNew = change.action === "create";
  const values = Object.entries(isNew ? change.after : change.before).filter(([, value]) => value !== null);
  return values.map(([field, value]) => ({
    field,
    before: isNew ? null : value,
    after: isNew ? value : null,
  }));
}
