import type { Kind } from "../../src/model/kinds.ts";
import {
  type ActualRow,
  type ActualScope,
  type ActualState,
  catalogId,
  type DesiredScope,
  type DesiredState,
  type Resource,
} from "../../src/model/state.ts";
import type { Value } from "../../src/model/value.ts";
import { makePlan, type PlanInputs } from "../../src/plan/make-plan.ts";

type Fields = Record<string, Value>;

/** A declared resource. */
export function declared(kind: Kind, key: string, fields: Fields = {}, previously: string[] = []): Resource {
  return { kind, key, fields, previously, path: [kind, key] };
}

/** A row that the manifests own, all of whose given fields are theirs. */
export function owned(kind: Kind, id: string, fields: Fields): ActualRow {
  return { kind, id, fields, origin: "manifest", managed: Object.keys(fields).sort() };
}

/** A row that something else wrote. */
export function foreign(kind: Kind, id: string, fields: Fields): ActualRow {
  return { kind, id, fields, origin: "unknown", managed: null };
}

export function desiredScope(
  org: string | null,
  resources: readonly Resource[],
  more: Partial<DesiredScope> = {},
): DesiredScope {
  const sections = new Set([
    "org",
    "catalog",
    "members",
    "teams",
    "roles",
    "workspaces",
    "flags",
    "entitlements",
    "plans",
    "subscriptions",
  ]);
  return { org, previously: [], resources, sections, authoritative: new Map(), released: new Set(), ...more };
}

export function actualScope(
  org: string | null,
  orgId: string,
  rows: readonly ActualRow[],
  counter = 1,
): ActualScope {
  const byKind = new Map<Kind, ActualRow[]>();
  for (const row of rows) byKind.set(row.kind, [...(byKind.get(row.kind) ?? []), row]);
  return { org, orgId, counter, rows: byKind, writes: [] };
}

interface Estate {
  readonly desired: { readonly catalog?: DesiredScope; readonly orgs?: readonly DesiredScope[] };
  readonly actual: { readonly catalog?: ActualScope; readonly orgs?: readonly ActualScope[] };
  readonly inputs?: Partial<PlanInputs>;
}

/** The plan from one literal state to another, with ids new-1, new-2, … */
export function planOf(estate: Estate) {
  return madePlanOf(estate).plan;
}

/** The same with the scopes that it was made of. */
export function madePlanOf({ desired, actual, inputs }: Estate) {
  const desiredState: DesiredState = { catalog: desiredScope(null, []), orgs: [], ...desired };
  const actualState: ActualState = {
    epoch: "epoch",
    revision: 7,
    catalog: actualScope(null, catalogId, []),
    orgs: [],
    ...actual,
  };
  let ids = 0;
  return makePlan(desiredState, actualState, {
    now: "2026-11-20T09:00:00Z",
    newId: () => `new-${++ids}`,
    ...inputs,
  });
}
